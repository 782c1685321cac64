import { ZkcmpError } from "@zkcmp/field/error";
import type { Proof } from "../../src/proof.ts";
import { decodeProof } from "../../src/proof.ts";
import { findTrustedKey, importTrustedKeys, listTrustedKeys } from "../../src/trust-store.ts";
import { verificationKeyHash } from "../../src/verification-key.ts";
import { checkProof } from "../../src/verify.ts";

export interface TrustInput {
  /** The text of a trust store that Node wrote. */
  readonly store: string;
  readonly zkeySha256: string;
  readonly signals: readonly string[];
  /** Bytes of the proof. */
  readonly proof: readonly number[];
}

export interface TrustOutput {
  readonly circuits: readonly string[];
  readonly keyHash: string;
  /** Null, or the name of the error that refuses. */
  readonly refused: string | null;
}

/** Takes over a store, finds a key in it, and checks a proof under it. */
export async function run({ store, zkeySha256, signals, proof }: TrustInput): Promise<TrustOutput> {
  const path = "zkcmp/trusted-keys.json";
  await importTrustedKeys(path, store, "the store", "development");
  const { verificationKey } = await findTrustedKey(path, zkeySha256, { development: true });
  const decoded: Proof = decodeProof(Uint8Array.from(proof));
  const refused = await checkProof(verificationKey, signals.map(BigInt), decoded).then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof ZkcmpError)) throw error;
      return error.constructor.name;
    },
  );
  const circuits = (await listTrustedKeys(path)).map(({ circuit }) => circuit);
  return { circuits, keyHash: verificationKeyHash(verificationKey), refused };
}
