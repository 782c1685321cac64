import { Interface, type JsonRpcApiProvider, type Result } from "ethers";
import { type FieldElement, toFieldElement } from "@zkcmp/field/element";
import type { ZkcmpError } from "@zkcmp/field/error";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import type { RpcError } from "../json-rpc.ts";
import { REWARDS_ABI } from "../rewards-abi.ts";
import { RewardsRevertError } from "./round-error.ts";
import type { RoundTerms } from "./round-terms.ts";
import type { Consent } from "./typed-data.ts";

/** Where a round stands, in the order of ShapleyRewards' enum State. */
export const ROUND_STATES = ["none", "open", "submitted", "equal", "refunded", "swept"] as const;
export type RoundState = (typeof ROUND_STATES)[number];

/** What the contract stores of a round. Times in unix seconds, amounts in units of the token (wei for ether). */
export interface Round {
  readonly owner: Address;
  readonly state: RoundState;
  /** p, providers that were accepted. */
  readonly providers: number;
  readonly ridgeBits: number;
  readonly token: Address;
  readonly registrationUntil: number;
  readonly submissionUntil: number;
  readonly claimUntil: number;
  readonly validationCommitment: bigint;
  readonly registry: bigint;
  /** All that was ever funded. */
  readonly pool: bigint;
  /** All that was ever claimed. */
  readonly claimed: bigint;
  readonly resultDigest: Hex;
  readonly totalWeight: bigint;
  readonly slack: bigint;
}

/** What a proof shows of a round, beside what the round knows. */
export interface RoundResult {
  /** In the order of registration. */
  readonly values: readonly bigint[];
  readonly modelCommitment: FieldElement;
  /** J */
  readonly loss: FieldElement;
}

/** What the claims of an equal round hand in: the contract ignores it. */
export const NO_RESULT: RoundResult = { values: [], modelCommitment: toFieldElement(0n), loss: toFieldElement(0n) };

export const rewardsInterface = new Interface(REWARDS_ABI);

/** One ShapleyRewards: its reads. Its writes go out through the life cycle. */
export class RewardsContract {
  readonly address: Address;
  readonly #provider: JsonRpcApiProvider;

  constructor(provider: JsonRpcApiProvider, address: Address) {
    this.#provider = provider;
    this.address = address;
  }

  /** A round's storage; its state is "none" if there is no such round. */
  async round(roundId: bigint, blockTag: "latest" | "finalized" = "latest"): Promise<Round> {
    const [stored] = await this.#read("round", [roundId], blockTag);
    return {
      owner: addressOf(stored.owner),
      state: ROUND_STATES[Number(stored.state)]!,
      providers: Number(stored.providers),
      ridgeBits: Number(stored.ridgeBits),
      token: addressOf(stored.token),
      registrationUntil: Number(stored.registrationUntil),
      submissionUntil: Number(stored.submissionUntil),
      claimUntil: Number(stored.claimUntil),
      validationCommitment: stored.validationCommitment,
      registry: stored.registry,
      pool: stored.pool,
      claimed: stored.claimed,
      resultDigest: stored.resultDigest,
      totalWeight: stored.totalWeight,
      slack: stored.slack,
    };
  }

  /** A provider's slot, null if the account is none, and what was paid to it so far. */
  async provider(roundId: bigint, payee: Address): Promise<{ slot: number | null; paid: bigint }> {
    const [slotPlusOne, paid] = await this.#read("provider", [roundId, payee]);
    return { slot: slotPlusOne === 0n ? null : Number(slotPlusOne) - 1, paid };
  }

  /** What a claim would pay now. */
  async claimable(roundId: bigint, payee: Address, result: RoundResult): Promise<bigint> {
    return (await this.#read("claimable", [roundId, payee, result]))[0];
  }

  /** The smallest nonce of a consent that is good. */
  async consentNonce(payee: Address): Promise<bigint> {
    return (await this.#read("consentNonce", [payee]))[0];
  }

  async shape(): Promise<RoundShape> {
    const [stored] = await this.#read("shape", []);
    return {
      providers: Number(stored.providers),
      rows: Number(stored.rows),
      features: Number(stored.features),
      outputs: Number(stored.outputs),
      dataBits: Number(stored.dataBits),
      fractionBits: Number(stored.fractionBits),
      integerBits: Number(stored.integerBits),
      validationRows: Number(stored.validationRows),
    };
  }

  async #read(name: string, args: readonly unknown[], blockTag = "latest"): Promise<Result> {
    const data = rewardsInterface.encodeFunctionData(name, args);
    const answer = (await this.#provider.send("eth_call", [{ to: this.address, data }, blockTag])) as string;
    if (answer === "0x") {
      throw new RewardsRevertError(
        `there is no rewards contract at ${this.address} in the ${blockTag} block`,
        "Check address and chain; a contract that was created a moment ago is final in a quarter of an hour.",
      );
    }
    return rewardsInterface.decodeFunctionResult(name, answer);
  }
}

/** Call data of ShapleyRewards' writes. */
export const rewardsCalls = {
  open: (terms: RoundTerms) => encode("open", [terms]),
  register: (roundId: bigint, commitment: FieldElement, receipt: Hex) =>
    encode("register", [roundId, commitment, receipt]),
  registerFor: (roundId: bigint, consent: Consent, consentSignature: Hex, receipt: Hex) =>
    encode("registerFor", [roundId, consent, consentSignature, receipt]),
  revokeConsents: (firstValidNonce: bigint) => encode("revokeConsents", [firstValidNonce]),
  fund: (roundId: bigint, amount: bigint) => encode("fund", [roundId, amount]),
  submit: (roundId: bigint, proof: readonly bigint[], result: RoundResult) =>
    encode("submit", [roundId, proof, result]),
  settleMissed: (roundId: bigint) => encode("settleMissed", [roundId]),
  claim: (roundId: bigint, result: RoundResult, to: Address) => encode("claim", [roundId, result, to]),
  claimFor: (roundId: bigint, result: RoundResult, payee: Address) => encode("claimFor", [roundId, result, payee]),
  sweep: (roundId: bigint, to: Address) => encode("sweep", [roundId, to]),
} as const;

function encode(name: string, args: readonly unknown[]): Hex {
  return rewardsInterface.encodeFunctionData(name, args) as Hex;
}

export function addressOf(address: string): Address {
  return address.toLowerCase() as Address;
}

const FIXES: Readonly<Record<string, string>> = {
  AlreadyRegistered: "Nothing has to be done: a provider registers once.",
  ClaimsClosed: "Nothing can be paid any more; the owner sweeps what is left.",
  ClaimsOpen: "Wait until the time that it names.",
  ConsentExpired: "Ask the provider for a new consent.",
  EtherRefused: "Name another recipient with --to.",
  InvalidConsent: "Ask the provider for the file that `zkcmp round register --consent-only` wrote.",
  InvalidReceipt: "Ask the owner for the file that `zkcmp round accept` wrote for these rows.",
  NothingToClaim: "Claim again when more has come into the pool.",
  RegistrationClosed: "Ask the owner for another round.",
  RegistrationOpen: "Wait until the time that it names.",
  RoundFull: "Ask the owner for another round.",
  SubmissionClosed: "Settle the round with `zkcmp round settle`: the pool is split equally.",
  SubmissionOpen: "Wait until the time that it names.",
  WrongState: "Look at the round with `zkcmp round status`: it has moved on.",
};

/** What a refused call means, in words: a revert of ShapleyRewards, or the node's own reason. */
export function explainRewardsRevert(error: RpcError, what: string): ZkcmpError {
  const revert = error.data === undefined ? null : rewardsInterface.parseError(error.data);
  if (revert === null) {
    return new RewardsRevertError(
      `${what} would fail: ${error.reason}`,
      "Nothing was sent. Look at the round with `zkcmp round status`.",
    );
  }
  const words = (name: string, value: unknown): string =>
    name === "current" ? ROUND_STATES[Number(value)]! : String(value);
  const args = revert.fragment.inputs.map(({ name }, i) => `${name} ${words(name, revert.args[i])}`).join(", ");
  return new RewardsRevertError(
    `the rewards contract refuses ${what}: ${revert.name}(${args})`,
    FIXES[revert.name] ?? "Correct what it names.",
  );
}
