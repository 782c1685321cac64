import { withLock } from "#lock-file";
import { privateFiles } from "#private-file";
import { sha256 as hashBytes } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { ZkcmpError } from "@zkcmp/field/error";
import type { FieldElement } from "@zkcmp/field/element";
import { fieldSchema, fieldToHex, type Hex, hexSchema } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import * as z from "zod";
import { type PurchaseRecord, purchaseRecordSchema, purchaseToJson } from "./purchase-record.ts";
import { type SaleRecord, saleRecordSchema, saleToJson } from "./sale-record.ts";
import { type TransactionRecord, transactionSchema } from "./transaction.ts";

/** The journal lacks something, or a file of it is damaged. Messages name files and fields, never what stands in them. */
export class JournalError extends ZkcmpError {}

/** A record under its lock. What is written is on the disk when `write` returns. */
export interface OpenRecord<R> {
  readonly value: R;
  /** Replaces some fields. */
  write(changes: Partial<R>): Promise<void>;
}

/** A kind of record beside sales and purchases: a folder of files, each under a name of its own. */
export interface RecordKind<R> {
  readonly folder: string;
  readonly format: string;
  /** Reads what `toJson` writes, and nothing that breaks a rule of the record. */
  readonly schema: z.ZodType<R>;
  readonly toJson: (record: R) => unknown;
  /** What it is in messages: "round". */
  readonly what: string;
  /** What to do where there is none. */
  readonly fix: string;
}

/** What one model has told: one entry for each deal that was answered. */
export interface AnswerRecord {
  readonly dealId: FieldElement;
  readonly answer: "proof" | "refusal";
  readonly bits: number;
}

/** What stands in models/. */
export const answersSchema = z.array(
  z.strictObject({ dealId: fieldSchema, answer: z.enum(["proof", "refusal"]), bits: z.int().min(1) }),
);

/** The one deal that a test set was revealed to. */
export interface RevealedTestSet {
  readonly orderHash: Hex;
  readonly dealId: FieldElement;
}

/** What stands in test-sets/. */
export const revealedSchema = z.strictObject({ orderHash: hexSchema(32), dealId: fieldSchema });

/** Seconds to wait for another process that is at work on the same record. */
const RECORD_PATIENCE = 1;

/** Seconds to wait for another process that signs with the same account. */
const ACCOUNT_PATIENCE = 60;

/**
 * The memory of both parties: a folder (mode 0700) of JSON files (mode 0600), each written whole by a rename, and
 * written before what it says leaves this machine. In a browser the same texts under the same names, in IndexedDB.
 * ```text
 * sales/ORDER.json  purchases/ORDER.json   one record for each order hash
 * files/SHA256.json                        networks, test sets and bundles, by their content
 * test-sets/ROWS.json                      the one deal that these rows were revealed to
 * models/MODEL.json                        the answers about a model that were given
 * escrows/CHAIN-ESCROW.json                the transaction that created an escrow, checked once
 * withdrawals/CHAIN-ESCROW-ACCOUNT-TOKEN.json   the last withdrawal
 * rounds/  samples/  round-transactions/  known-rounds/  receipts/   what rounds/ keeps, see there
 * ```
 */
export class Journal {
  readonly home: string;

  /** @param home the folder; in a browser the beginning of the names of its files */
  constructor(home: string) {
    this.home = home;
  }

  /** @throws {JournalError} if there is none, or it is damaged */
  async sale(orderHash: Hex): Promise<SaleRecord> {
    const sale = await this.findSale(orderHash);
    if (sale === null) throw new JournalError(`the journal has no sale of the order ${orderHash}`, SEAL_FIRST);
    return sale;
  }

  /** @returns null if there is none */
  async findSale(orderHash: Hex): Promise<SaleRecord | null> {
    return this.#read("sales", orderHash, "zkcmp-sale", saleRecordSchema);
  }

  /** @throws {JournalError} if there is none, or it is damaged */
  async purchase(orderHash: Hex): Promise<PurchaseRecord> {
    const purchase = await this.findPurchase(orderHash);
    if (purchase === null)
      throw new JournalError(`the journal has no purchase with the order ${orderHash}`, ORDER_FIRST);
    return purchase;
  }

  /** @returns null if there is none */
  async findPurchase(orderHash: Hex): Promise<PurchaseRecord | null> {
    return this.#read("purchases", orderHash, "zkcmp-purchase", purchaseRecordSchema);
  }

  /** Order hashes of all sales. */
  async sales(): Promise<Hex[]> {
    return this.#names("sales");
  }

  /** Order hashes of all purchases. */
  async purchases(): Promise<Hex[]> {
    return this.#names("purchases");
  }

  /** Works on a sale while nobody else can. @throws {LockError} */
  async withSale<T>(orderHash: Hex, work: (sale: OpenRecord<SaleRecord>) => Promise<T>): Promise<T> {
    return this.#locked("sales", orderHash, async () =>
      work(openRecord(await this.sale(orderHash), (value) => this.#writeSale(orderHash, value))),
    );
  }

  /** Works on a purchase while nobody else can. @throws {LockError} */
  async withPurchase<T>(orderHash: Hex, work: (purchase: OpenRecord<PurchaseRecord>) => Promise<T>): Promise<T> {
    return this.#locked("purchases", orderHash, async () =>
      work(openRecord(await this.purchase(orderHash), (value) => this.#writePurchase(orderHash, value))),
    );
  }

  /** Puts a record in the place of what `make` is given: the record there is, or null. */
  async placeSale(orderHash: Hex, make: (existing: SaleRecord | null) => Promise<SaleRecord>): Promise<SaleRecord> {
    return this.#locked("sales", orderHash, async () => {
      const existing = await this.findSale(orderHash);
      const sale = await make(existing);
      if (sale !== existing) await this.#writeSale(orderHash, sale);
      return sale;
    });
  }

  /** @throws {JournalError} if there is one already */
  async createPurchase(orderHash: Hex, purchase: PurchaseRecord): Promise<void> {
    await this.#locked("purchases", orderHash, async () => {
      if ((await this.findPurchase(orderHash)) !== null) {
        throw new JournalError(`the order ${orderHash} is in the journal already`, "Make a new order with a new salt.");
      }
      await this.#writePurchase(orderHash, purchase);
    });
  }

  /** The record of a kind under a name, or null. */
  async find<R>({ folder, format, schema }: RecordKind<R>, name: string): Promise<R | null> {
    return this.#read(folder, name, format, schema);
  }

  /** @throws {JournalError} if there is none, or it is damaged */
  async record<R>(kind: RecordKind<R>, name: string): Promise<R> {
    const record = await this.find(kind, name);
    if (record === null) throw new JournalError(`the journal has no ${kind.what} ${name}`, kind.fix);
    return record;
  }

  /** Names of all records of a kind. */
  async recordNames({ folder }: Pick<RecordKind<unknown>, "folder">): Promise<string[]> {
    return this.#entries(folder, /^[\w-]+\.json$/);
  }

  /** Works on a record of a kind while nobody else can. @throws {LockError}, {JournalError} if there is none */
  async withRecord<R, T>(kind: RecordKind<R>, name: string, work: (record: OpenRecord<R>) => Promise<T>): Promise<T> {
    return this.#locked(kind.folder, name, async () =>
      work(openRecord(await this.record(kind, name), (value) => this.#writeRecord(kind, name, value))),
    );
  }

  /** Puts a record in the place of what `make` is given: the record there is, or null. @throws {LockError} */
  async placeRecord<R>(kind: RecordKind<R>, name: string, make: (existing: R | null) => Promise<R>): Promise<R> {
    return this.#locked(kind.folder, name, async () => {
      const existing = await this.find(kind, name);
      const record = await make(existing);
      if (record !== existing) await this.#writeRecord(kind, name, record);
      return record;
    });
  }

  /** Keeps a text under its SHA-256. */
  async keep(text: string): Promise<Hex> {
    const digest = sha256(text);
    await this.#makeFolder("files");
    await this.writeFile(this.#path("files", digest), text);
    return digest;
  }

  /** @throws {JournalError} if the text is gone, or not the one that was kept */
  async kept(digest: Hex, what: string): Promise<string> {
    const path = this.#path("files", digest);
    const text = await privateFiles.read(path);
    if (text === null || sha256(text) !== digest) {
      throw new JournalError(
        `${path}, ${what}, is ${text === null ? "missing" : "not what was written"}`,
        "Restore the journal's folder from a backup.",
      );
    }
    return text;
  }

  /** The deal that these rows were revealed to, or null. @param rows digest of the rows, without their salt */
  async revealedTestSet(rows: Hex): Promise<RevealedTestSet | null> {
    return this.#read("test-sets", rows, "zkcmp-revealed", revealedSchema);
  }

  /** Burns a test set, unless it is burnt. @returns the deal that it was revealed to first */
  async burnTestSet(rows: Hex, reveal: RevealedTestSet): Promise<RevealedTestSet> {
    return this.#locked("test-sets", rows, async () => {
      const first = await this.revealedTestSet(rows);
      if (first !== null) return first;
      const { orderHash, dealId } = reveal;
      await this.#write("test-sets", rows, "zkcmp-revealed", { orderHash, dealId: fieldToHex(dealId) });
      return reveal;
    });
  }

  /** Answers about a model, oldest first. */
  async answers(model: Hex): Promise<readonly AnswerRecord[]> {
    return (await this.#read("models", model, "zkcmp-answers", answersSchema)) ?? [];
  }

  /** Counts an answer; the same answer to the same deal counts once. */
  async addAnswer(model: Hex, answer: AnswerRecord): Promise<void> {
    await this.#locked("models", model, async () => {
      const answers = await this.answers(model);
      if (answers.some((earlier) => earlier.dealId === answer.dealId && earlier.answer === answer.answer)) return;
      const json = [...answers, answer].map((entry) => ({ ...entry, dealId: fieldToHex(entry.dealId) }));
      await this.#write("models", model, "zkcmp-answers", json);
    });
  }

  /** The transaction that created an escrow, where that was checked before. */
  async escrowCreation(chainId: number, escrow: Address): Promise<Hex | null> {
    return this.#read("escrows", `${chainId}-${escrow}`, "zkcmp-escrow", hexSchema(32));
  }

  async rememberEscrow(chainId: number, escrow: Address, transactionHash: Hex): Promise<void> {
    await this.#locked("escrows", `${chainId}-${escrow}`, () =>
      this.#write("escrows", `${chainId}-${escrow}`, "zkcmp-escrow", transactionHash),
    );
  }

  /** Works on the last withdrawal of an account, while nobody else can. @param name chain, escrow, account and token */
  async withWithdrawal<T>(
    name: string,
    work: (last: TransactionRecord | undefined, write: (record: TransactionRecord) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    return this.#locked("withdrawals", name, async () => {
      const last = await this.#read("withdrawals", name, "zkcmp-withdrawal", transactionSchema);
      return work(last ?? undefined, (record) => this.#write("withdrawals", name, "zkcmp-withdrawal", record));
    });
  }

  /** Names and texts of all files of a folder, as a backup keeps them. */
  async texts(folder: string): Promise<(readonly [name: string, text: string])[]> {
    const names = await this.recordNames({ folder });
    const texts = names.map(async (name) => [name, await privateFiles.read(this.#path(folder, name))] as const);
    return (await Promise.all(texts)).flatMap(([name, text]) => (text === null ? [] : [[name, text] as const]));
  }

  /** Puts a text under a name unless there is one, while nobody else can. @returns the one that was there; null if there was none */
  async placeText(folder: string, name: string, text: string): Promise<string | null> {
    return this.#locked(folder, name, async () => {
      const path = this.#path(folder, name);
      const existing = await privateFiles.read(path);
      if (existing === null) await this.writeFile(path, text);
      return existing;
    });
  }

  /** Keeps two processes from taking the same nonce of an account. */
  async withAccount<T>(chainId: number, account: Address, work: () => Promise<T>): Promise<T> {
    await this.#makeFolder("accounts");
    return withLock(privateFiles.join(this.home, "accounts", `${chainId}-${account}`), ACCOUNT_PATIENCE, work);
  }

  /** Every write of the journal goes through here, so that a test can break off after any of them. */
  protected async writeFile(path: string, text: string): Promise<void> {
    await privateFiles.write(path, text);
  }

  async #locked<T>(folder: string, name: string, work: () => Promise<T>): Promise<T> {
    await this.#makeFolder(folder);
    return withLock(this.#path(folder, name), RECORD_PATIENCE, work);
  }

  async #makeFolder(folder: string): Promise<void> {
    await privateFiles.makeFolder(this.home);
    await privateFiles.makeFolder(privateFiles.join(this.home, folder));
  }

  async #read<T>(folder: string, name: string, format: string, schema: z.ZodType<T>): Promise<T | null> {
    const path = this.#path(folder, name);
    const text = await privateFiles.read(path);
    if (text === null) return null;
    const restore = "Restore the journal's folder from a backup; do not repair the file by hand.";
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      // The parser's own message quotes the text, which may be a key.
      throw new JournalError(`${path} is not whole`, restore);
    }
    const file = z.strictObject({ format: z.literal(format), version: z.literal(1), content: schema }).safeParse(json);
    if (!file.success) {
      const issue = file.error.issues[0]!;
      throw new JournalError(`${path} is not a ${format} file of version 1, at ${issue.path.join(".")}`, restore);
    }
    return file.data.content;
  }

  async #writeSale(orderHash: Hex, sale: SaleRecord): Promise<void> {
    const json = saleToJson(sale);
    refuseUnreadable(saleRecordSchema.safeParse(json), "sale");
    await this.#write("sales", orderHash, "zkcmp-sale", json);
  }

  async #writePurchase(orderHash: Hex, purchase: PurchaseRecord): Promise<void> {
    const json = purchaseToJson(purchase);
    refuseUnreadable(purchaseRecordSchema.safeParse(json), "purchase");
    await this.#write("purchases", orderHash, "zkcmp-purchase", json);
  }

  async #writeRecord<R>(
    { folder, format, schema, toJson, what }: RecordKind<R>,
    name: string,
    record: R,
  ): Promise<void> {
    const json = toJson(record);
    refuseUnreadable(schema.safeParse(json), what);
    await this.#write(folder, name, format, json);
  }

  async #write(folder: string, name: string, format: string, content: unknown): Promise<void> {
    await this.writeFile(this.#path(folder, name), `${JSON.stringify({ format, version: 1, content }, null, 1)}\n`);
  }

  async #names(folder: string): Promise<Hex[]> {
    return (await this.#entries(folder, /^0x[0-9a-f]{64}\.json$/)) as Hex[];
  }

  /** Names of a folder's files, without `.json`. */
  async #entries(folder: string, pattern: RegExp): Promise<string[]> {
    const entries = await privateFiles.names(privateFiles.join(this.home, folder));
    return entries.flatMap((entry) => (pattern.test(entry) ? [entry.slice(0, -5)] : []));
  }

  #path(folder: string, name: string): string {
    return privateFiles.join(this.home, folder, `${name}.json`);
  }
}

const SEAL_FIRST = "Seal a network for it first (`zkcmp seal`), or name the journal's folder with --home.";
const ORDER_FIRST = "Name the order's file as it was created, or the journal's folder with --home.";

/** What could not be read again, or breaks a rule of the record, must not take the place of what is there. */
function refuseUnreadable(parsed: z.ZodSafeParseResult<unknown>, what: string): void {
  if (parsed.success) return;
  const issue = parsed.error.issues[0]!;
  throw new JournalError(
    `the ${what} would not be whole at ${issue.path.join(".")}: ${issue.message}`,
    "Nothing was written. Check the message that was given last.",
  );
}

function openRecord<R>(start: R, write: (value: R) => Promise<void>): OpenRecord<R> {
  let value = start;
  return {
    get value() {
      return value;
    },
    write: async (changes) => {
      const next = { ...value, ...changes };
      await write(next);
      value = next;
    },
  };
}

/** SHA-256 of a text's UTF-8 bytes. */
export function sha256(text: string): Hex {
  return `0x${bytesToHex(hashBytes(utf8ToBytes(text)))}`;
}
