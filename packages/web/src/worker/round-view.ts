import type { BarChart } from "@zkcmp/chain/rounds/bar-chart";
import type { OwnContribution } from "@zkcmp/chain/rounds/own-contribution";
import type { ProviderSteps } from "@zkcmp/chain/rounds/provider-steps";
import type { RoundState } from "@zkcmp/chain/rounds/rewards-contract";
import type { OpenedRound } from "@zkcmp/chain/rounds/round-file";
import type { ProviderStatus, RoundStatus } from "@zkcmp/chain/rounds/round-status";
import type { SampleFacts } from "@zkcmp/chain/rounds/sample-facts";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { ColumnReport, SampleEncoding } from "@zkcmp/shapley/sample-encoding";

/** How the account stands to a round: owner, in it, or on the way there; null if not at all. */
export type OwnPlace = "owner" | "registered" | "accepted" | "committed" | null;

/** A round in the list. Times in unix seconds, amounts in smallest units of the token. */
export interface RoundLine {
  readonly rewards: Address;
  readonly roundId: Hex;
  readonly owner: Address;
  readonly token: Address;
  readonly state: RoundState;
  readonly window: string;
  readonly deadline: RoundStatus["deadline"];
  readonly pool: bigint;
  /** Providers that were accepted. */
  readonly providers: number;
  readonly slots: number;
  readonly own: OwnPlace;
  /** Whether the round file is here, without which no rows can be encoded. */
  readonly hasFile: boolean;
  /** What the node says of the round that cannot be true, or null. */
  readonly contradiction: string | null;
}

/** Something that was left out of a list, and why. */
export interface LeftOut {
  /** A contract or a file. */
  readonly source: string;
  readonly problem: string;
  readonly fix: string;
}

/** All rounds of the market, and those whose files were given here. */
export interface RoundList {
  /** Unix seconds, the chain's clock. */
  readonly now: number;
  readonly rounds: readonly RoundLine[];
  readonly leftOut: readonly LeftOut[];
  /** Rewards contracts of the market. */
  readonly contracts: readonly Address[];
}

/** One round as the page shows it. */
export interface RoundView {
  readonly round: OpenedRound;
  /** Unix seconds; null if the node does not know. */
  readonly openedAt: number | null;
  /** How columns become digits; null without the round file. */
  readonly encoding: SampleEncoding | null;
  readonly status: RoundStatus;
  readonly account: Address | null;
  /** What the account's journal knows: rows committed to, receipt, consents. */
  readonly contribution: OwnContribution | null;
  /** The latest time at which a consent that the account has signed can still be used, unix seconds; null if there is none. */
  readonly consentUntil: number | null;
  /** The account's place in the round, null if it has none. */
  readonly own: ProviderStatus | null;
  /** Other accounts under which rows were committed to in this browser. */
  readonly otherAccounts: readonly Address[];
  readonly steps: ProviderSteps;
  /** The market's escrow holds this for the round, from sales. */
  readonly waiting: bigint;
  /** Values and rewards; null while nothing is decided. */
  readonly chart: BarChart | null;
}

/** What came of holding the contract against the keys that were verified here. */
export type ContractCheck =
  | {
      readonly isTrusted: true;
      readonly circuit: string;
      /** SHA-256 of the proving key's file. */
      readonly zkeySha256: string;
      /** Whether the key is the public development key, under which anyone can forge. */
      readonly isDevelopment: boolean;
    }
  | {
      /** No key for the circuit was verified here, or the contract is not one of such a key. */
      readonly isTrusted: false;
      readonly problem: string;
      readonly fix: string;
    };

/** Rows of a file as digits, in facts: what of them a provider should look at. */
export interface RowFacts {
  readonly name: string;
  readonly report: readonly ColumnReport[];
  /** Lines that were left out because a value is missing. */
  readonly dropped: readonly number[];
  readonly facts: SampleFacts;
}

/** A file for the browser's downloads. */
export interface NewFile {
  readonly name: string;
  readonly text: string;
}
