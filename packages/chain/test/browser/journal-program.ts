import { privateFiles } from "#private-file";
import { withLock } from "#lock-file";
import { bytesToHex } from "@noble/hashes/utils.js";
import { ZkcmpError } from "@zkcmp/field/error";
import { toFieldElement } from "@zkcmp/field/element";
import type { X25519KeyPair } from "@zkcmp/sale/buyer-key";
import type { Hex } from "@zkcmp/sale/hex";
import { Journal, sha256 } from "../../src/journal.ts";
import { readX25519Key, writeX25519Key } from "../../src/x25519-key-file.ts";

/** Files by their path below a home. */
export type Files = Readonly<Record<string, string>>;

export type JournalInput =
  /** Puts files there as they are, and gives back all files of the folders after sale and purchase were rewritten. */
  | { readonly step: "rewrite"; readonly files: Files; readonly orderHash: Hex }
  /** Writes every kind of record that needs no deal, reads it back, and gives all files. */
  | { readonly step: "write"; readonly pair: X25519KeyPair }
  /** Starts to write, and does not wait. */
  | { readonly step: "start write"; readonly path: string; readonly text: string; readonly times: number }
  | { readonly step: "put"; readonly path: string; readonly text: string }
  /** Writes texts that cannot be packed, a million characters each, one after another. */
  | { readonly step: "fill"; readonly path: string; readonly texts: number }
  /** The text's first character, its length, and whether all characters are the same. */
  | { readonly step: "look"; readonly path: string }
  /** Works on a record for as long as the page lives. */
  | { readonly step: "hold"; readonly name: string }
  | { readonly step: "work"; readonly name: string }
  /** Waits for an account's lock for a minute at most. */
  | { readonly step: "wait"; readonly path: string }
  | { readonly step: "create"; readonly path: string }
  /** Many steps at once on one record. */
  | { readonly step: "crowd"; readonly path: string };

export type JournalOutput = unknown;

const HOME = "zkcmp";
const HASH: Hex = `0x${"ab".repeat(32)}`;
const FOLDERS = [
  ...["sales", "purchases", "files", "test-sets", "models", "escrows", "withdrawals", "keys"],
  ...["rounds", "samples", "round-transactions"],
];
const deal = toFieldElement(5n);

async function allFiles(): Promise<Files> {
  const files: Record<string, string> = {};
  for (const folder of FOLDERS) {
    for (const name of await privateFiles.names(`${HOME}/${folder}`)) {
      files[`${folder}/${name}`] = (await privateFiles.read(`${HOME}/${folder}/${name}`))!;
    }
  }
  return files;
}

async function work(journal: Journal, input: JournalInput): Promise<JournalOutput> {
  switch (input.step) {
    case "rewrite": {
      for (const [path, text] of Object.entries(input.files)) await privateFiles.write(`${HOME}/${path}`, text);
      const [sales, purchases] = [await journal.sales(), await journal.purchases()];
      await journal.withSale(input.orderHash, (sale) => sale.write({}));
      await journal.withPurchase(input.orderHash, (purchase) => purchase.write({}));
      const { testSet } = await journal.purchase(input.orderHash);
      return {
        sales,
        purchases,
        testSet: sha256(await journal.kept(testSet.file, "the test set")),
        files: await allFiles(),
      };
    }
    case "write": {
      const escrow: Hex = `0x${"11".repeat(20)}`;
      const digest = await journal.keep("text \u00e4\u{1f600}");
      await journal.burnTestSet(HASH, { orderHash: HASH, dealId: deal });
      await journal.addAnswer(HASH, { dealId: deal, answer: "proof", bits: 2 });
      await journal.rememberEscrow(1, escrow, HASH);
      await journal.withWithdrawal("name", async (_, write) =>
        write({ from: escrow, nonce: 3, attempts: [{ hash: HASH, raw: "0x02" }] }),
      );
      await writeX25519Key(`${HOME}/keys/mine.json`, input.pair);
      const kept = await journal.kept(digest, "the note");
      return { kept, pair: await readX25519Key(`${HOME}/keys/mine.json`), files: await allFiles() };
    }
    case "start write":
      // Each write begins before the page's answer leaves; none has ended.
      for (let i = 0; i < input.times; i++) void privateFiles.write(input.path, input.text).catch(() => undefined);
      return null;
    case "put":
      return privateFiles.write(input.path, input.text);
    case "fill":
      for (let i = 0; i < input.texts; i++) {
        const bytes = Array.from({ length: 10 }, () => crypto.getRandomValues(new Uint8Array(50_000)));
        await privateFiles.write(`${input.path}${i}`, bytes.map(bytesToHex).join(""));
      }
      return null;
    case "look": {
      const text = await privateFiles.read(input.path);
      return text && { first: text[0], length: text.length, same: text === text[0]!.repeat(text.length) };
    }
    case "hold":
      await new Promise<void>((resolve, reject) => {
        const held = journal.withAccount(1, input.name as Hex, () => {
          resolve();
          return new Promise(() => undefined);
        });
        held.catch(reject);
      });
      return null;
    case "work":
      return withLock(`${HOME}/accounts/1-${input.name}`, 0, async () => "worked");
    case "wait":
      return withLock(input.path, 60, async () => "worked");
    case "create":
      return [await privateFiles.create(input.path, "one"), await privateFiles.create(input.path, "two")];
    case "crowd": {
      const state = { inside: 0, most: 0 };
      const one = () =>
        withLock(input.path, 60, async () => {
          state.most = Math.max(state.most, ++state.inside);
          await new Promise((resolve) => setTimeout(resolve, 1));
          state.inside -= 1;
        });
      await Promise.all(Array.from({ length: 8 }, one));
      return state.most;
    }
  }
}

/** Errors come back with their class, as the page would see them. */
export async function run(input: JournalInput): Promise<JournalOutput> {
  try {
    return (await work(new Journal(HOME), input)) ?? null;
  } catch (error) {
    if (!(error instanceof ZkcmpError)) throw error;
    return { error: error.constructor.name, problem: error.problem, fix: error.fix };
  }
}
