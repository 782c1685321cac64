import { walletAddress } from "@zkcmp/chain/account";
import { EscrowContract } from "@zkcmp/chain/escrow-contract";
import { chainTime, type Connection } from "@zkcmp/chain/network-connection";
import { chartSvg } from "@zkcmp/chain/rounds/bar-chart";
import { claimReward } from "@zkcmp/chain/rounds/claim";
import { commitContribution, contributionName } from "@zkcmp/chain/rounds/commit-samples";
import { forwardReward } from "@zkcmp/chain/rounds/forward";
import { findKnownRound, keepRound, knownRounds } from "@zkcmp/chain/rounds/known-round";
import { openedRound, openingTime } from "@zkcmp/chain/rounds/opened-round";
import {
  contributors,
  keptReceipt,
  openConsents,
  ownContribution,
  ownDisclosure,
  takeReceipt,
} from "@zkcmp/chain/rounds/own-contribution";
import { providerSteps } from "@zkcmp/chain/rounds/provider-steps";
import { registerContribution, relayConsent, revokeConsents, signConsent } from "@zkcmp/chain/rounds/register";
import { checkRound } from "@zkcmp/chain/rounds/rewards-check";
import { RewardsContract } from "@zkcmp/chain/rounds/rewards-contract";
import { roundChart } from "@zkcmp/chain/rounds/round-chart";
import { RewardsCodeError, RoundError } from "@zkcmp/chain/rounds/round-error";
import { decodeRoundFile, nameOfRound, type OpenedRound, type RoundFile } from "@zkcmp/chain/rounds/round-file";
import { listRounds } from "@zkcmp/chain/rounds/round-list";
import { decodeConsent, decodeReceipt, encodeConsent, encodeDisclosure } from "@zkcmp/chain/rounds/round-message";
import { CONTRIBUTIONS } from "@zkcmp/chain/rounds/round-record";
import { roundStatus, roundWindow } from "@zkcmp/chain/rounds/round-status";
import { roundIdToHex } from "@zkcmp/chain/rounds/round-terms";
import { sampleFacts } from "@zkcmp/chain/rounds/sample-facts";
import { settleRound } from "@zkcmp/chain/rounds/settle";
import type { MinedTransaction } from "@zkcmp/chain/transaction";
import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { CircuitKeyMissingError } from "@zkcmp/groth16/trusted-circuit-key";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { parseSamples } from "@zkcmp/shapley/encoded-samples";
import type { Samples } from "@zkcmp/shapley/samples";
import type { OnProgress } from "../progress.ts";
import type {
  ContractCheck,
  LeftOut,
  NewFile,
  OwnPlace,
  RoundLine,
  RoundList,
  RoundView,
  RowFacts,
} from "./round-view.ts";
import { textAt } from "./published-file.ts";
import type { Session } from "./session.ts";
import { TrustStore } from "./trust-store.ts";
import { waitingWith } from "./waiting.ts";

/** What the steps of a round need of a session. */
export type RoundSession = Pick<Session, "home" | "journal" | "deployment" | "connection" | "party" | "account">;

const SILENT: OnProgress = () => undefined;

/** A file that was dropped on the page. */
export type DroppedFile = Pick<File, "name" | "text">;

/** How rows are read. */
export interface RowOptions {
  /** Leave rows with missing values out; they are refused otherwise. */
  readonly dropMissing: boolean;
}

/** What came of a transaction, or that there was nothing to send. */
export interface Sent {
  readonly transaction: MinedTransaction | null;
}

/**
 * What the page does with rounds, as a data provider. Every step may be broken off at any moment and asked for again: the journal
 * and the chain say how far it is.
 */
export class RoundSteps {
  readonly #session: RoundSession;
  readonly #opened = new Map<string, OpenedRound>();
  readonly #trustStore: TrustStore;
  readonly #openedAt = new Map<string, number | null>();
  #published: Promise<LeftOut[]> | null = null;

  constructor(session: RoundSession) {
    this.#session = session;
    this.#trustStore = new TrustStore(session);
  }

  /** All rounds of the market's rewards contracts, the newest first, and those whose files are here. */
  async list(): Promise<RoundList> {
    const { chainId, rewards: contracts } = await this.#session.deployment();
    const connection = await this.#session.connection();
    this.#published ??= this.#loadPublished();
    const leftOut = [...(await this.#published)];
    const now = await chainTime(connection);
    const files = (await knownRounds(this.#session.journal)).filter((round) => round.chainId === chainId);
    const rounds: RoundLine[] = [];
    for (const { address, block } of contracts) {
      try {
        const { providers: slots } = await new RewardsContract(connection.provider, address).shape();
        for (const { roundId, owner, terms, stored, contradiction } of await listRounds(connection, address, {
          fromBlock: block,
        })) {
          const hasFile = files.some((file) => file.roundId === roundId && file.rewards === address);
          const place = { rewards: address, roundId, owner, terms };
          rounds.push(await this.#line(connection, place, { stored, slots, now, hasFile, contradiction }));
        }
      } catch (error) {
        leftOut.push(leftOutOf(`the rewards contract ${address}`, error));
      }
    }
    for (const file of files) {
      if (contracts.some(({ address }) => address === file.rewards)) continue;
      const stored = await new RewardsContract(connection.provider, file.rewards).round(file.roundId);
      const more = { stored, slots: file.shape.providers, now, hasFile: true, contradiction: null };
      rounds.push(await this.#line(connection, file, more));
    }
    return { now, rounds, leftOut, contracts: contracts.map(({ address }) => address) };
  }

  /** Takes a round file, if its round exists. @throws FileFormatError, {RoundError}, {WrongChainError} */
  async addRoundFile(file: DroppedFile): Promise<{ rewards: Address; roundId: Hex }> {
    const round = decodeRoundFile(await file.text(), file.name);
    await this.#keepIfReal(round);
    return { rewards: round.rewards, roundId: roundIdToHex(round.roundId) };
  }

  /** Where a round stands, and the account in it. @throws {RoundError} if there is no such round */
  async look(rewards: Address, roundId: Hex): Promise<RoundView> {
    this.#published ??= this.#loadPublished();
    await this.#published;
    const { journal } = this.#session;
    const connection = await this.#session.connection();
    const { escrow } = await this.#session.deployment();
    const round = await this.#round(rewards, roundId);
    const { encoding, ...place } = { encoding: null, ...round };
    const status = await roundStatus(connection, round);
    const account = this.#session.account();
    const token = round.terms.token;
    const contribution = account === null ? null : await ownContribution(journal, round, account);
    const key = `${rewards} ${roundId}`;
    const openedAt = this.#openedAt.get(key) ?? (await openingTime(connection, round));
    this.#openedAt.set(key, openedAt);
    return {
      round: place,
      openedAt,
      encoding,
      status,
      account,
      contribution,
      consentUntil: await this.#consentUntil(connection, round, status, contribution),
      own: status.providers.find(({ payee }) => payee === account) ?? null,
      otherAccounts: (await contributors(journal, round)).filter((other) => other !== account),
      steps: providerSteps(round, status, account, contribution),
      waiting: await new EscrowContract(connection.provider, escrow).rewardCredit(rewards, round.roundId, token),
      chart: status.equal === null ? null : roundChart(status, token, { title: `Round ${roundId.slice(0, 10)}…` }),
    };
  }

  /**
   * Holds a round's contract against the keys that were verified here. On development chains the market's own development keys
   * will do.
   * @throws {RoundError} if there is no such round
   */
  async check(rewards: Address, roundId: Hex): Promise<ContractCheck> {
    const connection = await this.#session.connection();
    const trustStore = await this.#trustStore.path(connection);
    try {
      const { key } = await checkRound(connection, await this.#round(rewards, roundId), trustStore);
      const { circuit, zkeySha256, provenance } = key;
      return { isTrusted: true, circuit, zkeySha256, isDevelopment: provenance.kind === "development" };
    } catch (error) {
      if (!(error instanceof CircuitKeyMissingError || error instanceof RewardsCodeError)) throw error;
      return { isTrusted: false, problem: error.problem, fix: error.fix };
    }
  }

  /** What of a provider's rows the round's digits keep. Nothing is kept or sent. @throws SampleTableError, SampleEncodingError */
  async readRows(rewards: Address, roundId: Hex, file: DroppedFile, options: RowOptions): Promise<RowFacts> {
    return (await this.#rows(await this.#roundFile(rewards, roundId), file, options)).facts;
  }

  /** Commits to rows, for the account that acts; rows and salt stay in the journal. */
  async commitRows(
    ...[rewards, roundId, file, options, onProgress = SILENT]: [Address, Hex, DroppedFile, RowOptions, OnProgress?]
  ): Promise<{ commitment: FieldElement; rows: number }> {
    const round = await this.#roundFile(rewards, roundId);
    const { connection, wallet, journal } = await this.#session.party();
    onProgress({ what: "Reading the rows" });
    const { samples } = await this.#rows(round, file, options);
    onProgress({ what: "Checking the contract" });
    const trustStore = await this.#trustStore.path(connection);
    onProgress({ what: "Committing to the rows" });
    const payee = walletAddress(wallet);
    const { disclosure } = await commitContribution(connection, journal, round, payee, samples, trustStore);
    return { commitment: disclosure.commitment, rows: samples.rows.length };
  }

  /**
   * What the owner has to see: rows and salt of a commitment. For the owner alone.
   * @param commitment the newest one if not given
   */
  async disclosure(rewards: Address, roundId: Hex, commitment?: FieldElement): Promise<NewFile> {
    const round = await this.#round(rewards, roundId);
    const { journal, wallet } = await this.#session.party();
    const disclosure = await ownDisclosure(journal, round, walletAddress(wallet), commitment);
    return { name: fileName("disclosure", round, disclosure.payee), text: encodeDisclosure(disclosure) };
  }

  /** Checks the owner's receipt and keeps it. @throws FileFormatError, {RoundError}, {JournalError} */
  async takeReceipt(rewards: Address, roundId: Hex, file: DroppedFile): Promise<void> {
    const round = await this.#round(rewards, roundId);
    const { connection, wallet, journal } = await this.#session.party();
    const receipt = decodeReceipt(await file.text(), file.name);
    await takeReceipt(connection, journal, round, receipt, walletAddress(wallet));
  }

  /** Registers the account by a transaction of its own. @throws {RoundError} without a receipt; else as `registerContribution` */
  async register(rewards: Address, roundId: Hex, onProgress: OnProgress = SILENT): Promise<Sent & { slot: number }> {
    const round = await this.#round(rewards, roundId);
    const party = await this.#session.party();
    const trustStore = await this.#trustStore.path(party.connection);
    const receipt = await this.#receipt(round, walletAddress(party.wallet));
    return registerContribution(party, round, receipt, trustStore, waitingWith(onProgress));
  }

  /** Signs a consent, with which anybody can register the account; the same again while it is good. */
  async signConsent(rewards: Address, roundId: Hex): Promise<NewFile> {
    const round = await this.#round(rewards, roundId);
    const party = await this.#session.party();
    const trustStore = await this.#trustStore.path(party.connection);
    const payee = walletAddress(party.wallet);
    const consent = await signConsent(party, round, await this.#receipt(round, payee), trustStore);
    return { name: fileName("consent", round, payee), text: encodeConsent(consent) };
  }

  /** Registers another provider with its consent. @throws FileFormatError; else as `relayConsent` */
  async relay(
    ...[rewards, roundId, file, onProgress = SILENT]: [Address, Hex, DroppedFile, OnProgress?]
  ): Promise<Sent & { payee: Address; slot: number }> {
    const round = await this.#round(rewards, roundId);
    const party = await this.#session.party();
    const trustStore = await this.#trustStore.path(party.connection);
    const message = decodeConsent(await file.text(), file.name);
    const registered = await relayConsent(party, round, message, trustStore, waitingWith(onProgress));
    return { payee: message.consent.payee, ...registered };
  }

  /** Takes back all consents that the account has signed for the round and that were not used. */
  async revoke(rewards: Address, roundId: Hex, onProgress: OnProgress = SILENT): Promise<Sent> {
    const { transaction } = await revokeConsents(
      await this.#session.party(),
      await this.#round(rewards, roundId),
      waitingWith(onProgress),
    );
    return { transaction };
  }

  /**
   * Claims what is due. @param options.payee another provider, who is paid; @param options.to where the own reward goes
   */
  async claim(
    ...[rewards, roundId, options, onProgress = SILENT]: [Address, Hex, { payee?: Address; to?: Address }, OnProgress?]
  ): Promise<Sent & { payee: Address; amount: bigint; earned: bigint }> {
    const round = await this.#round(rewards, roundId);
    const party = await this.#session.party();
    const trustStore = await this.#trustStore.path(party.connection);
    return claimReward(party, round, options, trustStore, waitingWith(onProgress));
  }

  /** Moves what sales have set aside from the market's escrow into the pool. */
  async forward(rewards: Address, roundId: Hex, onProgress: OnProgress = SILENT): Promise<Sent & { amount: bigint }> {
    const round = await this.#round(rewards, roundId);
    const party = await this.#session.party();
    const { escrow } = await this.#session.deployment();
    const trustStore = await this.#trustStore.path(party.connection);
    return forwardReward(party, round, escrow, trustStore, waitingWith(onProgress));
  }

  /** Settles a round for which no proof came. */
  async settle(rewards: Address, roundId: Hex, onProgress: OnProgress = SILENT): Promise<Sent> {
    const round = await this.#round(rewards, roundId);
    const party = await this.#session.party();
    const trustStore = await this.#trustStore.path(party.connection);
    const { transaction } = await settleRound(party, round, trustStore, waitingWith(onProgress));
    return { transaction };
  }

  /** The chart as a file of its own. @throws {RoundError} while nothing is decided */
  async chartFile(rewards: Address, roundId: Hex): Promise<NewFile> {
    const { chart, round } = await this.look(rewards, roundId);
    if (chart === null) throw new RoundError("there is nothing to draw yet", "Wait for a proof or a settlement.");
    return { name: `${fileName("chart", round).replace(/\.json$/, "")}.svg`, text: chartSvg(chart) };
  }

  async #consentUntil(
    { provider }: Connection,
    { rewards }: OpenedRound,
    { now }: RoundView["status"],
    contribution: RoundView["contribution"],
  ): Promise<number | null> {
    const account = this.#session.account();
    if (account === null || contribution === null || contribution.consents.length === 0) return null;
    const nonce = await new RewardsContract(provider, rewards).consentNonce(account);
    const deadlines = openConsents(contribution, nonce, now).map(({ deadline }) => deadline);
    return deadlines.length === 0 ? null : Math.max(...deadlines);
  }

  async #line(
    connection: Connection,
    { rewards, roundId, owner, terms }: Omit<OpenedRound, "chainId" | "shape">,
    more: {
      stored: Awaited<ReturnType<RewardsContract["round"]>>;
      now: number;
    } & Pick<RoundLine, "slots" | "hasFile" | "contradiction">,
  ): Promise<RoundLine> {
    const { stored, now, ...rest } = more;
    const { state, pool, providers } = stored;
    return {
      ...{ rewards, roundId: roundIdToHex(roundId), owner, token: terms.token, state, pool, providers, ...rest },
      ...roundWindow({ terms }, stored, now),
      own: await this.#ownPlace(connection, { rewards, roundId, owner }),
    };
  }

  async #ownPlace(
    { provider }: Connection,
    { rewards, roundId, owner }: Pick<OpenedRound, "rewards" | "roundId" | "owner">,
  ): Promise<OwnPlace> {
    const account = this.#session.account();
    if (account === null) return null;
    if ((await new RewardsContract(provider, rewards).provider(roundId, account)).slot !== null) return "registered";
    const { journal } = this.#session;
    if ((await journal.find(CONTRIBUTIONS, contributionName({ roundId }, account))) !== null) {
      return (await keptReceipt(journal, { roundId }, account)) === null ? "committed" : "accepted";
    }
    return account === owner ? "owner" : null;
  }

  /** The round file if it is here, else what the chain tells. */
  async #round(rewards: Address, roundId: Hex): Promise<RoundFile | OpenedRound> {
    const known = await findKnownRound(this.#session.journal, BigInt(roundId));
    if (known?.rewards === rewards) return known;
    const connection = await this.#session.connection();
    const key = `${connection.chainId} ${rewards} ${roundId}`;
    const round = this.#opened.get(key) ?? (await openedRound(connection, rewards, BigInt(roundId)));
    this.#opened.set(key, round);
    return round;
  }

  async #roundFile(rewards: Address, roundId: Hex): Promise<RoundFile> {
    const round = await this.#round(rewards, roundId);
    if ("encoding" in round) return round;
    throw new RoundError(
      `the file of the ${nameOfRound(round)} is not here, and the chain does not say how its columns become digits`,
      "Drop the round file that the owner has published.",
    );
  }

  async #rows(
    { encoding, shape }: RoundFile,
    file: DroppedFile,
    { dropMissing }: RowOptions,
  ): Promise<{ samples: Samples; facts: RowFacts }> {
    const { name } = file;
    const { samples, report, dropped } = parseSamples(await file.text(), name, encoding, { dropMissing });
    return { samples, facts: { name, report, dropped, facts: sampleFacts(shape, samples, []) } };
  }

  async #receipt(round: OpenedRound, payee: Address) {
    const receipt = await keptReceipt(this.#session.journal, round, payee);
    if (receipt !== null) return receipt;
    throw new RoundError("there is no receipt of the owner for your rows yet", "Drop the receipt that the owner sent.");
  }

  async #keepIfReal(round: RoundFile): Promise<void> {
    const connection = await this.#session.connection({ chainId: round.chainId });
    const { state } = await new RewardsContract(connection.provider, round.rewards).round(round.roundId);
    if (state === "none") {
      throw new RoundError(
        `the ${nameOfRound(round)} does not exist on chain ${round.chainId}`,
        "Wait until it is opened, or ask its owner for the right file.",
      );
    }
    await keepRound(this.#session.journal, round);
  }

  /** Fetches the market's round files. @returns those that are none, or of no round */
  async #loadPublished(): Promise<LeftOut[]> {
    const leftOut: LeftOut[] = [];
    for (const path of (await this.#session.deployment()).rounds) {
      try {
        await this.#keepIfReal(decodeRoundFile(await textAt(path), path));
      } catch (error) {
        leftOut.push(leftOutOf(`the published round file ${path}`, error));
      }
    }
    return leftOut;
  }
}

function leftOutOf(source: string, error: unknown): LeftOut {
  if (!(error instanceof ZkcmpError)) throw error;
  return { source, problem: error.problem, fix: error.fix };
}

function fileName(what: string, { roundId }: Pick<OpenedRound, "roundId">, payee?: Address): string {
  const round = roundIdToHex(roundId).slice(2, 10);
  return `${what}-${round}${payee === undefined ? "" : `-${payee.slice(2, 8)}`}.json`;
}
