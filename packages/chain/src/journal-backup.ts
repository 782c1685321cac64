import { type Hex, hexSchema } from "@zkcmp/sale/hex";
import { type Order, orderHash } from "@zkcmp/sale/order";
import * as z from "zod";
import { answersSchema, type Journal, JournalError, type RecordKind, revealedSchema, sha256 } from "./journal.ts";
import { purchaseRecordSchema } from "./purchase-record.ts";
import { ENCODINGS, SEEN_ORDERS } from "./known-order.ts";
import { KNOWN_ROUNDS } from "./rounds/known-round.ts";
import { RECEIPTS } from "./rounds/own-contribution.ts";
import { CONTRIBUTIONS, OWNED_ROUNDS, ROUND_REQUESTS, ROUND_TRANSACTIONS } from "./rounds/round-record.ts";
import { saleRecordSchema } from "./sale-record.ts";
import { transactionSchema } from "./transaction.ts";

/** A backup is none, is damaged, or was made by a newer version. Nothing of it was restored. */
export class JournalBackupError extends JournalError {}

/** What a restoration did, by the files' names. */
export interface RestoredJournal {
  /** Files that were missing here, or lacked answers. */
  readonly restored: readonly string[];
  /** Files that say something else here and were left as they are, since nobody can tell which is the newer one. */
  readonly kept: readonly string[];
  /** How many are here as they are in the backup. */
  readonly same: number;
}

/** How files of a folder are checked. */
interface BackedUpFolder {
  readonly folder: string;
  readonly names: RegExp;
  /** Whether a text is a file of this folder under this name. */
  readonly isGood: (text: string, name: string) => boolean;
}

const DIGEST = /^0x[0-9a-f]{64}$/;
const RECORD_NAME = /^[\w-]{1,200}$/;

function recordFolder(
  folder: string,
  format: string,
  schema: z.ZodType,
  names = RECORD_NAME,
  belongs: (content: unknown, name: string) => boolean = () => true,
): BackedUpFolder {
  const file = z.strictObject({ format: z.literal(format), version: z.literal(1), content: schema });
  const isGood = (text: string, name: string): boolean => {
    try {
      return belongs(file.parse(parseJson(text)).content, name);
    } catch {
      return false;
    }
  };
  return { folder, names, isGood };
}

function kindFolder<R>({ folder, format, schema }: RecordKind<R>): BackedUpFolder {
  return recordFolder(folder, format, schema);
}

const KINDS = [
  ENCODINGS,
  SEEN_ORDERS,
  KNOWN_ROUNDS,
  RECEIPTS,
  CONTRIBUTIONS,
  OWNED_ROUNDS,
  ROUND_REQUESTS,
  ROUND_TRANSACTIONS,
];

const isOfOrder = (content: unknown, name: string): boolean =>
  orderHash((content as { signedOrder: { order: Order } }).signedOrder.order) === name;

/**
 * In the order in which they are restored: what a record relies on comes before it. escrows/ is left out: it says which contracts
 * were checked here, and each place makes that check itself.
 */
const FOLDERS: readonly BackedUpFolder[] = [
  { folder: "files", names: DIGEST, isGood: (text, name) => sha256(text) === name },
  recordFolder("test-sets", "zkcmp-revealed", revealedSchema, DIGEST),
  recordFolder("models", "zkcmp-answers", answersSchema, DIGEST),
  ...KINDS.map((kind) => kindFolder(kind as RecordKind<unknown>)),
  recordFolder("withdrawals", "zkcmp-withdrawal", transactionSchema),
  recordFolder("purchases", "zkcmp-purchase", purchaseRecordSchema, DIGEST, isOfOrder),
  recordFolder("sales", "zkcmp-sale", saleRecordSchema, DIGEST, isOfOrder),
];

const backupSchema = z.strictObject({
  format: z.literal("zkcmp-journal-backup"),
  version: z.literal(1),
  files: z.record(z.string(), z.string()),
});

/**
 * All of a journal in one text. It holds every secret of the journal (keys of sealed networks, networks, test sets), unencrypted;
 * X25519 keys and keystores lie elsewhere.
 */
export async function exportJournal(journal: Journal): Promise<string> {
  const files: Record<string, string> = {};
  // Records first: whatever they rely on was written before them, so that it is found when it is read after them.
  for (const { folder, names } of FOLDERS.toReversed()) {
    for (const [name, text] of await journal.texts(folder))
      if (names.test(name)) files[`${folder}/${name}.json`] = text;
  }
  const backup: z.input<typeof backupSchema> = { format: "zkcmp-journal-backup", version: 1, files };
  return `${JSON.stringify(backup, null, 1)}\n`;
}

/**
 * Puts back what a backup has and this journal lacks. A file that is here stays as it is, whatever the backup says: an older copy must
 * not make a step forget what was signed, shown or sent since. Only a model's answers are added to those that are here. All of the backup is checked before anything is written. Again after
 * a crash: goes on.
 * @param options.keyPathOf where the X25519 key of an order lies here; a purchase is restored with that path
 * @throws {JournalBackupError} naming what is wrong with the backup
 * @throws {LockError} while another process works on one of the files
 */
export async function importJournal(
  journal: Journal,
  text: string,
  options: { readonly keyPathOf?: (publicKey: Hex) => Promise<string | null> } = {},
): Promise<RestoredJournal> {
  const files = decodeBackup(text);
  const restored: string[] = [];
  const kept: string[] = [];
  let same = 0;
  for (const { folder, name, text } of files) {
    const isPurchase = folder === "purchases";
    const found = await journal.placeText(folder, name, isPurchase ? await withKeyPath(text, options.keyPathOf) : text);
    const isAdded = found !== null && folder === "models" && (await addAnswers(journal, name as Hex, text));
    if (found === null || isAdded) restored.push(`${folder}/${name}.json`);
    else if (folder === "models") same += 1;
    else if (found === text || (isPurchase && isSamePurchase(found, text))) same += 1;
    else kept.push(`${folder}/${name}.json`);
  }
  return { restored, kept, same };
}

/** A model has told what it told in both places: who kept one count alone would let it tell more than the limit. */
async function addAnswers(journal: Journal, model: Hex, text: string): Promise<boolean> {
  const { content } = JSON.parse(text) as { content: unknown };
  const { length } = await journal.answers(model);
  for (const answer of answersSchema.parse(content)) await journal.addAnswer(model, answer);
  return (await journal.answers(model)).length > length;
}

interface BackedUpFile {
  readonly folder: string;
  readonly name: string;
  readonly text: string;
}

function decodeBackup(text: string): BackedUpFile[] {
  const json = parseJson(text);
  const head = z.object({ format: z.literal("zkcmp-journal-backup"), version: z.int() }).safeParse(json);
  if (head.success && head.data.version > 1) {
    throw new JournalBackupError("the backup was made by a newer version of zkcmp", "Restore it with that version.");
  }
  const backup = backupSchema.safeParse(json);
  if (!backup.success) {
    throw new JournalBackupError(
      "the file is no backup of a journal",
      "Give a file that `zkcmp journal backup` wrote, or that the page gave you.",
    );
  }
  const entries = Object.entries(backup.data.files);
  const files = FOLDERS.flatMap(({ folder, names, isGood }) =>
    entries.flatMap(([path, content]) => {
      const name = path.startsWith(`${folder}/`) && path.endsWith(".json") ? path.slice(folder.length + 1, -5) : "";
      return names.test(name) && isGood(content, name) ? [{ folder, name, text: content }] : [];
    }),
  );
  const good = new Set(files.map(({ folder, name }) => `${folder}/${name}.json`));
  const bad = entries.find(([path]) => !good.has(path));
  if (bad === undefined) return files;
  throw new JournalBackupError(
    `${JSON.stringify(bad[0].slice(0, 120))} in the backup is damaged, or no file of a journal`,
    "Use another copy of the backup; do not repair it by hand.",
  );
}

/** Whether two texts of a purchase differ in the place of the X25519 key at most. */
function isSamePurchase(...texts: readonly [string, string]): boolean {
  const [a, b] = texts.map((text) => {
    const file = parseJson(text) as { content?: object } | undefined;
    return JSON.stringify({ ...file, content: { ...file?.content, keyFile: "" } });
  });
  return a === b;
}

async function withKeyPath(
  text: string,
  keyPathOf: ((publicKey: Hex) => Promise<string | null>) | undefined,
): Promise<string> {
  const file = JSON.parse(text) as { content: { keyFile: string; signedOrder: { order: { buyerKey: string } } } };
  const path = await keyPathOf?.(hexSchema(32).parse(file.content.signedOrder.order.buyerKey));
  if (path === undefined || path === null || path === file.content.keyFile) return text;
  return `${JSON.stringify({ ...file, content: { ...file.content, keyFile: path } }, null, 1)}\n`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which holds secrets.
    return undefined;
  }
}
