import { CircuitKeyMissingError } from "@zkcmp/groth16/trusted-circuit-key";
import type { G1Point, G2Point } from "@zkcmp/groth16/points";
import { findTrustedKey, listTrustedKeys, type TrustedKey } from "@zkcmp/groth16/trust-store";
import type { VerificationKey } from "@zkcmp/groth16/verification-key";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { roundCircuit } from "@zkcmp/shapley/round-circuit";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import { codePart, isCode } from "../contract-code.ts";
import { type Connection, isDevelopmentChain, WrongChainError } from "../network-connection.ts";
import {
  type ExpectedCodeWithImmutables,
  POSEIDON_T4_CODE,
  REWARDS_CODE,
  REWARDS_VERIFIER_CODE,
} from "../rewards-code.ts";
import { deterministicRewards } from "./rewards-deployment.ts";
import { RewardsContract, type Round } from "./rewards-contract.ts";
import { RewardsCodeError, RoundError } from "./round-error.ts";
import { nameOfRound, type OpenedRound } from "./round-file.ts";

/** The keys that were verified here: a file, in a browser its name; see @zkcmp/groth16/trust-store. */
export type TrustStorePath = string;

/**
 * Checks a round against the chain before anything is signed, sent or shown because of it: the contract is
 * ShapleyRewards with a verifier of a key that was verified here, and the round exists there. Its id hashes owner and terms, so
 * these are then as in the file.
 * @throws {WrongChainError}, {CircuitKeyMissingError}
 * @throws {RewardsCodeError} saying what differs; {RoundError} if there is no such round
 */
export async function checkRound(
  connection: Connection,
  round: OpenedRound,
  trustStore: TrustStorePath,
): Promise<{ stored: Round; key: TrustedKey }> {
  if (connection.chainId !== round.chainId)
    throw new WrongChainError(connection.chainId, round.chainId, "the round is");
  const key = await checkRewards(connection, round, trustStore);
  const stored = await new RewardsContract(connection.provider, round.rewards).round(round.roundId);
  if (stored.state === "none") {
    throw new RoundError(
      `the ${nameOfRound(round)} does not exist on chain ${round.chainId}`,
      "Wait until it is opened, or ask its owner for the right file.",
    );
  }
  return { stored, key };
}

/**
 * Checks that an address holds ShapleyRewards of a shape, with a verifier of a key that was verified here for that shape's
 * circuit. Off development chains only an address made by `deployRewards` counts, which shows by itself that nothing was
 * written into the contract's storage when it was created.
 * @returns the key
 * @throws {CircuitKeyMissingError} if no key for the circuit was verified here
 * @throws {RewardsCodeError} saying what differs
 */
export async function checkRewards(
  connection: Connection,
  { rewards, shape }: { readonly rewards: Address; readonly shape: RoundShape },
  trustStore: TrustStorePath,
): Promise<TrustedKey> {
  const development = isDevelopmentChain(connection.chainId);
  const code = await codeAt(connection, rewards);
  if (code === "0x") {
    throw new RewardsCodeError(
      `there is no contract at ${rewards} on chain ${connection.chainId}`,
      "Check the address and the node's chain.",
    );
  }
  const keys = await trustedKeys(shape, trustStore, development);
  for (const key of keys) {
    if (deterministicRewards(key.verificationKey, shape).rewards === rewards) return key;
  }
  if (development) {
    const verifier = await checkRewardsCode(connection, rewards, code, shape);
    for (const key of keys) if (await isVerifierOf(connection, verifier, key.verificationKey)) return key;
  }
  throw new RewardsCodeError(
    `the contract at ${rewards} is not the ShapleyRewards of this version of zkcmp with a verifier of a key that you verified for ${roundCircuit(shape).name}`,
    "Do not take part: verify the right key (`zkcmp setup key verify`), or use a contract that `zkcmp round deploy` made.",
  );
}

async function trustedKeys(
  shape: RoundShape,
  trustStore: TrustStorePath,
  development: boolean,
): Promise<readonly TrustedKey[]> {
  const { name } = roundCircuit(shape);
  const entries = (await listTrustedKeys(trustStore)).filter(
    ({ circuit, provenance }) => circuit === name && (development || provenance.kind !== "development"),
  );
  if (entries.length === 0) throw new CircuitKeyMissingError(name);
  return Promise.all(entries.map(({ zkeySha256 }) => findTrustedKey(trustStore, zkeySha256, { development })));
}

/** @returns the verifier that the contract names */
async function checkRewardsCode(
  connection: Connection,
  rewards: Address,
  code: Hex,
  shape: RoundShape,
): Promise<Address> {
  const different = new RewardsCodeError(
    `the contract at ${rewards} is not the ShapleyRewards of this version of zkcmp for this shape`,
    "Do not use this contract: no money would be safe in it.",
  );
  if (!isCode(code, REWARDS_CODE)) throw different;
  const libraries = REWARDS_CODE.addresses.map((span) => codePart(code, span));
  for (const library of libraries) {
    const libraryCode = await codeAt(connection, library as Address);
    const isLibrary =
      isCode(libraryCode, POSEIDON_T4_CODE) &&
      POSEIDON_T4_CODE.addresses.every((span) => codePart(libraryCode, span) === library);
    if (!isLibrary) throw different;
  }
  for (const [name, value] of Object.entries(shape)) {
    if (!hasImmutable(code, REWARDS_CODE, name, BigInt(value as number))) throw different;
  }
  const verifier = codePart(code, REWARDS_CODE.immutables.verifier![0]!);
  if (!hasImmutable(code, REWARDS_CODE, "verifier", BigInt(verifier))) throw different;
  return `0x${verifier.slice(-40)}`;
}

async function isVerifierOf(connection: Connection, verifier: Address, key: VerificationKey): Promise<boolean> {
  const code = await codeAt(connection, verifier);
  return (
    isCode(code, REWARDS_VERIFIER_CODE) &&
    keyImmutables(key).every(([name, value]) => hasImmutable(code, REWARDS_VERIFIER_CODE, name, value))
  );
}

function keyImmutables({ alpha, beta, gamma, delta, ic }: VerificationKey): [string, bigint][] {
  const g1 = (name: string, { x, y }: G1Point): [string, bigint][] => [
    [`${name}X`, x],
    [`${name}Y`, y],
  ];
  const g2 = (name: string, { x, y }: G2Point): [string, bigint][] => [
    [`${name}XReal`, x[0]],
    [`${name}XImaginary`, x[1]],
    [`${name}YReal`, y[0]],
    [`${name}YImaginary`, y[1]],
  ];
  return [
    ...g1("alpha", alpha),
    ...g2("beta", beta),
    ...g2("gamma", gamma),
    ...g2("delta", delta),
    ...ic.flatMap((point, i) => g1(`ic${i}`, point)),
  ];
}

function hasImmutable(code: Hex, { immutables }: ExpectedCodeWithImmutables, name: string, value: bigint): boolean {
  return immutables[name]!.every((span) => BigInt(codePart(code, span)) === value);
}

async function codeAt({ provider }: Connection, address: Address): Promise<Hex> {
  return (await provider.getCode(address)).toLowerCase() as Hex;
}
