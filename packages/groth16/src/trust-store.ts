import { trustFile } from "#trust-file";
import { ZkcmpError } from "@zkcmp/field/error";
import * as z from "zod";
import { TrustStoreError } from "./trust-file.ts";
import {
  type CheckedVerificationKey,
  DevelopmentKeyError,
  checkVerificationKey,
  isDevelopmentKey,
  parseVerificationKey,
  verificationKeyToJson,
} from "./verification-key.ts";

/** No key with this hash was verified here. A key that comes with a proof is the prover's choice, so it is never used. */
export class KeyNotTrustedError extends ZkcmpError {
  constructor(zkeySha256: string) {
    super(
      `The proving key with SHA-256 ${zkeySha256} has not been verified on this computer`,
      "Verify the key file and its ceremony, in which you took part, and then the proof",
    );
  }
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const provenanceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("development") }),
  z.strictObject({
    kind: z.literal("ceremony"),
    /** The hash of the checker's own contribution to phase 2. */
    ownContribution: z.string().regex(/^[0-9a-f]{128}$/),
  }),
]);
const keySchema = z.strictObject({
  circuit: z.string(),
  r1csSha256: sha256,
  zkeySha256: sha256,
  verificationKey: z.unknown(),
  provenance: provenanceSchema,
});
const storeSchema = z.strictObject({
  format: z.literal("zkcmp-trusted-keys"),
  version: z.literal(1),
  keys: z.array(keySchema),
});

/** A development key that anyone can forge under, or a key from a ceremony in which the user took part. */
export type KeyProvenance = z.infer<typeof provenanceSchema>;

export interface TrustedKey {
  /** What the circuit is called here. */
  readonly circuit: string;
  readonly r1csSha256: string;
  /** SHA-256 of the key file, by which orders and bundles name a key. */
  readonly zkeySha256: string;
  readonly verificationKey: CheckedVerificationKey;
  readonly provenance: KeyProvenance;
}

/**
 * Records a key that its user has verified: a ceremony key by verifyKey, a development key by its making. An entry with
 * the same file hash is replaced.
 * @param path the store's file; in a browser its name
 * @throws {TrustStoreError}
 */
export async function addTrustedKey(path: string, key: TrustedKey): Promise<void> {
  if (key.provenance.kind === "ceremony" && isDevelopmentKey(key.verificationKey)) throw new DevelopmentKeyError();
  const keys = (await readStore(path)).filter(({ zkeySha256 }) => zkeySha256 !== key.zkeySha256);
  keys.push({ ...key, verificationKey: verificationKeyToJson(key.verificationKey) });
  await writeStore(path, keys);
}

/**
 * Finds a verified key by the hash of its file and checks it once more.
 * @param options.development whether development keys are accepted: on development chains only
 * @throws {KeyNotTrustedError | DevelopmentKeyError | TrustStoreError | VerificationKeyRefusedError}
 */
export async function findTrustedKey(
  path: string,
  zkeySha256: string,
  options: { readonly development: boolean },
): Promise<TrustedKey> {
  const entry = (await readStore(path)).find((key) => key.zkeySha256 === zkeySha256);
  if (entry === undefined) throw new KeyNotTrustedError(zkeySha256);
  if (entry.provenance.kind === "development" && !options.development) throw new DevelopmentKeyError();
  return { ...entry, verificationKey: await checkedKey(entry) };
}

/** What the store holds, without the keys themselves. */
export async function listTrustedKeys(path: string): Promise<Omit<TrustedKey, "verificationKey">[]> {
  return (await readStore(path)).map(withoutKey);
}

/**
 * Takes over the keys of one provenance, or all, from another store: the file that somebody has made on another computer of theirs.
 * Every key is checked once more; all are taken, or none.
 * @param text of the other store
 * @param name stands for it in errors
 * @throws {TrustStoreError} if it is no store, has no such key, or says something else of a key file than this store
 * @throws {DevelopmentKeyError | VerificationKeyRefusedError} for a key that is not what it is called
 */
export async function importTrustedKeys(
  path: string,
  text: string,
  name: string,
  kind: KeyProvenance["kind"] | "any",
): Promise<readonly Omit<TrustedKey, "verificationKey">[]> {
  const entries = parseStore(text, name, "Give the file trusted-keys.json that `zkcmp setup key verify` wrote").filter(
    ({ provenance }) => kind === "any" || provenance.kind === kind,
  );
  if (entries.length === 0) {
    throw new TrustStoreError(
      `${name} has no ${NEEDED[kind]}`,
      kind === "ceremony"
        ? "Take part in the ceremony, and verify its key (`zkcmp setup key verify`)"
        : "Make one first",
    );
  }
  const keys = await Promise.all(
    entries.map(async (entry) => ({ ...entry, verificationKey: verificationKeyToJson(await checkedKey(entry)) })),
  );
  const store = new Map((await readStore(path)).map((own) => [own.zkeySha256, own]));
  for (const entry of keys) {
    const own = store.get(entry.zkeySha256);
    store.set(entry.zkeySha256, entry);
    if (own === undefined || JSON.stringify(sorted(own)) === JSON.stringify(sorted(entry))) continue;
    throw new TrustStoreError(
      `${name} says something else of the key file ${entry.zkeySha256} than what was verified here`,
      "Find out which of the two is right before you use either",
    );
  }
  await writeStore(path, [...store.values()]);
  return entries.map(withoutKey);
}

const NEEDED = { ceremony: "key of a ceremony", development: "development key", any: "key" } as const;

type StoredKey = z.infer<typeof keySchema>;

async function readStore(path: string): Promise<StoredKey[]> {
  const text = await trustFile.read(path);
  return text === null ? [] : parseStore(text, path, "Move it away and verify your keys again");
}

function parseStore(text: string, name: string, fix: string): StoredKey[] {
  try {
    return storeSchema.parse(JSON.parse(text)).keys;
  } catch (cause) {
    throw new TrustStoreError(`${name} is not a store of trusted keys`, fix, { cause });
  }
}

async function checkedKey({ verificationKey, provenance }: StoredKey): Promise<CheckedVerificationKey> {
  const key = parseVerificationKey(verificationKey);
  return checkVerificationKey(key, {
    development: provenance.kind === "development",
    publicCount: key.ic.length - 1,
  });
}

/** The same entry with its fields in one order. */
function sorted({ circuit, r1csSha256, zkeySha256, verificationKey, provenance }: StoredKey): StoredKey {
  const key = verificationKeyToJson(parseVerificationKey(verificationKey));
  return { circuit, r1csSha256, zkeySha256, verificationKey: key, provenance };
}

function withoutKey({ circuit, r1csSha256, zkeySha256, provenance }: StoredKey): Omit<TrustedKey, "verificationKey"> {
  return { circuit, r1csSha256, zkeySha256, provenance };
}

async function writeStore(path: string, keys: readonly StoredKey[]): Promise<void> {
  const store: z.infer<typeof storeSchema> = { format: "zkcmp-trusted-keys", version: 1, keys: [...keys] };
  await trustFile.write(path, `${JSON.stringify(store, null, 2)}\n`);
}
