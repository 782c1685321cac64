import { walletAddress } from "@zkcmp/chain/account";
import { type DealTimes, dealTimes } from "@zkcmp/chain/deal-times";
import { type Deal, EscrowContract } from "@zkcmp/chain/escrow-contract";
import { findEncoding } from "@zkcmp/chain/known-order";
import { roundIdToHex } from "@zkcmp/chain/rounds/round-terms";
import type { SaleRecord } from "@zkcmp/chain/sale-record";
import { cancelSale, offerSale } from "@zkcmp/chain/seller/offer";
import { commitSample, proveSale, ProvingError, receiveNonce, receiveTestSet } from "@zkcmp/chain/seller/proof";
import { redeemMargin, redeemSale, withdrawCredit } from "@zkcmp/chain/seller/redeem";
import type { SaleStep } from "@zkcmp/chain/seller/sale-step";
import { decodeRoundFile } from "@zkcmp/chain/rounds/round-file";
import { type SaleStatus, saleStatus } from "@zkcmp/chain/status";
import type { MinedTransaction } from "@zkcmp/chain/transaction";
import { parameterCount, shapeId } from "@zkcmp/network/shape";
import { encodeBundle } from "@zkcmp/sale/bundle";
import type { ProofSystemId } from "@zkcmp/sale/core";
import { NO_SPLIT, shareOf } from "@zkcmp/sale/deal";
import { rmseOf } from "@zkcmp/sale/error-bound";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import { type Address, type Order, ZERO_DIGEST } from "@zkcmp/sale/order";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import { RefusedError } from "@zkcmp/sale/refused-error";
import { decodeNonce, decodeReveal, encodeRoot, expectDeal } from "@zkcmp/sale/sale-message";
import type { OnProgress, StepProgress } from "../progress.ts";
import type { NamedText } from "./keys-desk.ts";
import type { ProofForecastView } from "./proof-forecast.ts";
import { type RunningProof, startProofWorker, type StartProof } from "./proof-thread.ts";
import type { Session } from "./session.ts";
import { TrustStore } from "./trust-store.ts";
import { waitingWith } from "./waiting.ts";

/** What the steps of a sale need of a session. */
export type SaleSession = Pick<Session, "home" | "journal" | "deployment" | "connection" | "party">;

/** A sale in the list. */
export interface SaleRow {
  readonly orderHash: Hex;
  readonly order: Order;
  /** null where the sale's chain is not the page's. */
  readonly standing: Pick<SaleStatus, "step" | "next" | "final" | "now"> | null;
  readonly dealId: Hex | null;
  readonly deal: Deal | null;
}

/** A share of the price for a round. */
export interface SplitView {
  readonly rewards: Address;
  readonly roundId: Hex;
  /** Hundredths of a per cent. */
  readonly basisPoints: number;
  /** In units of the token. */
  readonly share: bigint;
  /** Unix seconds: a key that comes later gives the share to the buyer; null before the offer is mined. */
  readonly shareUntil: number | null;
}

/** One sale, where it stands. Holds no secret. */
export interface SaleView {
  readonly orderHash: Hex;
  readonly order: Order;
  readonly step: SaleStep;
  /** What to do next, in one sentence. */
  readonly next: string;
  readonly dealId: Hex | null;
  readonly deal: Deal | null;
  readonly final: boolean;
  /** Unix seconds, the chain's clock. */
  readonly now: number;
  /** null before the offer is mined. */
  readonly times: DealTimes | null;
  /** Unix seconds of the block with this journal's redemption; null before. */
  readonly redeemedAt: number | null;
  /** What a regression's bound is as a root mean square error, in units of the targets; null where that is not known. */
  readonly rmse: number | null;
  /** Who offered, or null. */
  readonly seller: Address | null;
  readonly shape: string;
  readonly parameters: number;
  readonly proofSystem: ProofSystemId;
  readonly split: SplitView | null;
  /** What a redemption pays the seller, in units of the token. */
  readonly due: bigint;
  /** Seconds before the refund in which the key is not shown. */
  readonly margin: number;
  /** What the seller can withdraw in the deal's token, from all deals. */
  readonly credit: bigint;
  /** What waits for the split's round. */
  readonly rewardCredit: bigint;
  readonly testSetReceived: boolean;
  readonly rootSigned: boolean;
  /** Bytes of the proof; null before. */
  readonly proofBytes: number | null;
  /** Whether a redemption was written down: the key may be known. */
  readonly keyMayBeKnown: boolean;
  /** What the proof takes here; null unless it comes next and can be made in a browser. */
  readonly forecast: ProofForecastView | null;
  /** The proof that is being made now in this tab, or null. */
  readonly proving: StepProgress | null;
}

/** What a transaction did, for people. */
export interface DoneView {
  readonly hash: Hex;
  readonly blockNumber: number;
  /** Wei. */
  readonly fee: bigint;
}

/** How a key is shown, where the usual way does not go through. */
export interface RedeemChoice {
  readonly keyIsPublic?: boolean;
  readonly acceptCredit?: boolean;
  readonly raiseFee?: boolean;
}

/** A proof that is being made. */
interface ProofEntry {
  running: RunningProof | null;
  stopped: boolean;
  progress: StepProgress;
  bundle: Promise<string>;
}

/**
 * What the page does with sales, as a seller. Every step may be broken off at any moment and asked for again: the journal and the chain
 * say how far it is.
 */
export class SaleSteps {
  readonly #session: SaleSession;
  readonly #startProof: StartProof;
  readonly #trustStore: TrustStore;
  readonly #forecasts = new Map<Hex, ProofForecastView>();
  readonly #proofs = new Map<Hex, ProofEntry>();
  /** Times of final events of deals. */
  readonly #eventTimes = new Map<string, number>();

  /** @param startProof where proofs are made: in a worker of their own if not given */
  constructor(session: SaleSession, startProof: StartProof = startProofWorker) {
    this.#session = session;
    this.#startProof = startProof;
    this.#trustStore = new TrustStore(session);
  }

  /** All sales of the journal, the one that can be funded for longest first. */
  async list(): Promise<SaleRow[]> {
    const { journal } = this.#session;
    const rows: SaleRow[] = [];
    for (const orderHash of await journal.sales()) {
      const { order } = (await journal.sale(orderHash)).signedOrder;
      const { chainId } = await this.#session.deployment();
      if (order.chainId !== chainId) rows.push({ orderHash, order, standing: null, dealId: null, deal: null });
      else {
        const { status } = await this.#look(orderHash);
        const { step, next, final, now, deal } = status;
        rows.push({ orderHash, order, standing: { step, next, final, now }, dealId: hexOf(status.dealId), deal });
      }
    }
    return rows.sort((a, b) => b.order.fundableUntil - a.order.fundableUntil);
  }

  /** @throws {JournalError} if the journal has no such sale; {WrongChainError} */
  async sale(orderHash: Hex): Promise<SaleView> {
    const { record, status } = await this.#look(orderHash);
    const { core, offer, proof, signedOrder } = record;
    const { order } = signedOrder;
    const { step, next, deal, final, now, credit, rewardCredit } = status;
    const split = offer?.split ?? NO_SPLIT;
    const share = shareOf(order.price, split.basisPoints);
    return {
      ...{ orderHash, order, step, next, deal, final, now, credit, rewardCredit },
      dealId: hexOf(offer?.dealId ?? null),
      times: await this.#times(record, status),
      redeemedAt: deal?.state === "redeemed" ? await this.#eventTime(record, "redeemed", status) : null,
      rmse: await this.#rmse(order),
      seller: offer?.seller ?? null,
      shape: shapeId(core.shape),
      parameters: parameterCount(core.shape),
      proofSystem: core.proofSystem,
      split:
        split.basisPoints === 0
          ? null
          : {
              rewards: split.rewards,
              roundId: roundIdToHex(split.round),
              basisPoints: split.basisPoints,
              share,
              shareUntil: status.split?.shareUntil ?? null,
            },
      due: order.price - share,
      margin: redeemMargin(order.timeToRedeem),
      testSetReceived: record.testSet !== undefined,
      rootSigned: record.rootSignature !== undefined,
      proofBytes: proof === undefined ? null : (proof.length - 2) / 2,
      keyMayBeKnown: record.redeem !== undefined,
      forecast: step === "proof" ? await this.#forecast(orderHash, record) : null,
      proving: this.#proofs.get(orderHash)?.progress ?? null,
    };
  }

  /** Who would get what of the price. @param basisPoints hundredths of a per cent for a round */
  async shares(orderHash: Hex, basisPoints: number): Promise<{ toSeller: bigint; toRound: bigint }> {
    const { price } = (await this.#session.journal.sale(orderHash)).signedOrder.order;
    const toRound = shareOf(price, basisPoints);
    return { toSeller: price - toRound, toRound };
  }

  /**
   * Puts the offer on chain. Again: the same offer, with the split that it has.
   * @throws {OfferError}, {RoundError} and what sending throws
   */
  async offer(
    orderHash: Hex,
    split: { readonly round: NamedText; readonly basisPoints: number } | null,
    onProgress: OnProgress,
  ): Promise<DoneView & { dealId: Hex }> {
    const party = await this.#session.party();
    const request =
      split === null
        ? undefined
        : {
            round: decodeRoundFile(split.round.text, split.round.name),
            basisPoints: split.basisPoints,
            trustStore: await this.#trustStore.path(party.connection),
          };
    const { dealId, transaction } = await offerSale(party, orderHash, { ...waitingWith(onProgress), split: request });
    return { ...doneOf(transaction), dealId: fieldToHex(dealId) };
  }

  /**
   * Takes the buyer's test set, for good: the order is never sealed again.
   * @throws {FileFormatError}, {RefusedError} for another deal's; {ProvingError} if it is not the one of the order
   */
  async receiveReveal(orderHash: Hex, file: NamedText): Promise<{ rows: number; features: number }> {
    const { journal } = this.#session;
    const message = expectDeal(file.name, decodeReveal(file.text, file.name), await this.#deal(orderHash));
    await receiveTestSet(journal, orderHash, message.testSet, message.salt);
    return { rows: message.testSet.rows.length, features: message.testSet.rows[0]!.length };
  }

  /**
   * Commits to the rows that the model has right and signs the root, once for a deal.
   * @returns the text of the root file, which goes to the buyer
   */
  async commitRoot(orderHash: Hex): Promise<string> {
    const { dealId } = await this.#deal(orderHash);
    const { rootSignature, claim } = await this.#session.journal.sale(orderHash);
    // What is signed already needs no account.
    if (rootSignature !== undefined && claim !== undefined) {
      return encodeRoot({ orderHash, dealId, root: claim.root, signature: rootSignature });
    }
    const party = await this.#session.party();
    return encodeRoot({ orderHash, dealId, ...(await commitSample(party, orderHash)) });
  }

  /** Takes the buyer's nonce. @throws {FileFormatError}, {RefusedError}, {SamplingError}, {ProvingError} */
  async receiveNonce(orderHash: Hex, file: NamedText): Promise<void> {
    const { nonce } = expectDeal(file.name, decodeNonce(file.text, file.name), await this.#deal(orderHash));
    await receiveNonce(this.#session.journal, orderHash, nonce);
  }

  /**
   * Proves the sale, or waits for the proof that is being made. Nothing but time is lost where it ends before.
   * @returns the text of the bundle, which goes to the buyer
   * @throws {ProofStoppedError}, {ThresholdError}, {ErrorBoundError}, {ProvingError}
   */
  async prove(orderHash: Hex, onProgress: OnProgress): Promise<string> {
    const known = this.#proofs.get(orderHash);
    if (known !== undefined) return known.bundle;
    const entry: ProofEntry = {
      running: null,
      stopped: false,
      progress: { what: "Preparing the proof" },
      bundle: Promise.resolve(""),
    };
    const show = (progress: StepProgress): void => {
      entry.progress = progress;
      onProgress(progress);
    };
    show(entry.progress);
    entry.bundle = this.#prove(orderHash, entry, show).finally(() => this.#proofs.delete(orderHash));
    this.#proofs.set(orderHash, entry);
    return entry.bundle;
  }

  /** Stops the proof that is being made in this tab, if there is one. */
  stopProof(orderHash: Hex): void {
    const entry = this.#proofs.get(orderHash);
    if (entry === undefined) return;
    entry.stopped = true;
    entry.running?.stop();
  }

  /** The text of the bundle, again. @throws {JournalError} before the proof */
  async bundle(orderHash: Hex): Promise<string> {
    const { journal } = this.#session;
    const { bundle } = await journal.sale(orderHash);
    if (bundle !== undefined) return journal.kept(bundle, "the bundle");
    throw new ProvingError("there is no bundle yet", "Prove the sale first.");
  }

  /** Takes the offer back, and waits until that is final. @throws {OfferError} and what sending throws */
  async cancel(orderHash: Hex, onProgress: OnProgress): Promise<DoneView> {
    return doneOf(await cancelSale(await this.#session.party(), orderHash, waitingWith(onProgress)));
  }

  /** Opens the key on chain, which pays the seller. @throws {RedeemError} and what sending throws */
  async redeem(
    orderHash: Hex,
    choice: RedeemChoice,
    onProgress: OnProgress,
  ): Promise<DoneView & { paid: "paid" | "credited" }> {
    const party = await this.#session.party();
    const { transaction, paid } = await redeemSale(party, orderHash, { ...waitingWith(onProgress), ...choice });
    return { ...doneOf(transaction), paid };
  }

  /** Takes the account's whole credit in the deal's token. @throws {RedeemError} if there is none */
  async withdraw(orderHash: Hex, to: Address | null, onProgress: OnProgress): Promise<DoneView & { amount: bigint }> {
    const { escrow, token } = (await this.#session.journal.sale(orderHash)).signedOrder.order;
    const party = await this.#session.party();
    const credit = { escrow, token, to: to ?? walletAddress(party.wallet) };
    const { transaction, amount } = await withdrawCredit(party, credit, waitingWith(onProgress));
    return { ...doneOf(transaction), amount };
  }

  async #prove(orderHash: Hex, entry: ProofEntry, show: OnProgress): Promise<string> {
    const { journal } = this.#session;
    const { proofSystem } = (await journal.sale(orderHash)).core;
    const proverHere = async (): Promise<Pick<ProofSystem, "prove">> => {
      if (proofSystem === "libra") return { prove: (...work) => this.#proofOf(entry, ...work) };
      throw new RefusedError(
        `the network was sealed to be proven with ${proofSystem}, which takes a proving key`,
        "Prove it with the command line; the page goes on with the rest of the sale.",
      );
    };
    const bundle = await proveSale(journal, orderHash, proverHere, (what, done) =>
      show(done === undefined ? { what: sentence(what) } : { what: sentence(what), done }),
    );
    return encodeBundle(bundle);
  }

  #proofOf(entry: ProofEntry, ...[statement, witness, progress = () => undefined]: Parameters<ProofSystem["prove"]>) {
    const running = this.#startProof(statement, witness, progress);
    entry.running = running;
    if (entry.stopped) running.stop();
    return running.proof;
  }

  async #look(orderHash: Hex): Promise<{ record: SaleRecord; status: SaleStatus }> {
    const { journal } = this.#session;
    const record = await journal.sale(orderHash);
    const connection = await this.#session.connection({ chainId: record.signedOrder.order.chainId });
    return { record, status: await saleStatus(connection, journal, orderHash) };
  }

  async #forecast(orderHash: Hex, { core, signedOrder }: SaleRecord): Promise<ProofForecastView | null> {
    if (core.proofSystem !== "libra") return null;
    const { rows, sampledRows, predicate } = signedOrder.order;
    const variant = {
      shape: core.shape,
      rows: sampledRows === 0 ? rows : sampledRows,
      predicate,
      committed: core.modelCommitment !== 0n,
    };
    let forecast = this.#forecasts.get(orderHash);
    if (forecast === undefined) {
      const { forecastProof, thisBrowser } = await import("./proof-forecast.ts");
      forecast = forecastProof(variant, thisBrowser());
      this.#forecasts.set(orderHash, forecast);
    }
    return forecast;
  }

  async #times(record: SaleRecord, status: SaleStatus): Promise<DealTimes | null> {
    const { deal, now } = status;
    if (deal === null || deal.state === "none") return null;
    const offered = await this.#eventTime(record, "offered", status);
    return offered === null ? null : dealTimes(deal, offered, now);
  }

  /**
   * Unix seconds of the block in which the deal was offered, or redeemed, by whomever and through whatever wallet; null if the node
   * does not tell.
   */
  async #eventTime(
    { signedOrder, offer }: SaleRecord,
    event: "offered" | "redeemed",
    { final }: SaleStatus,
  ): Promise<number | null> {
    if (offer === undefined) return null;
    const { chainId, escrow } = signedOrder.order;
    const key = `${chainId} ${escrow} ${offer.dealId} ${event}`;
    const known = this.#eventTimes.get(key);
    if (known !== undefined) return known;
    const { provider } = await this.#session.connection({ chainId });
    const found = await new EscrowContract(provider, escrow)[event](offer.dealId);
    const block = found === null ? null : await provider.getBlock(found.blockNumber);
    if (block !== null && final) this.#eventTimes.set(key, block.timestamp);
    return block?.timestamp ?? null;
  }

  /** The encoding that says what a target digit is worth is in the journal if the order was sealed for in this browser. */
  async #rmse({ predicate, errorBound, rows, encodingDigest }: Order): Promise<number | null> {
    if (predicate === "accuracy" || encodingDigest === ZERO_DIGEST) return null;
    const encoding = await findEncoding(this.#session.journal, encodingDigest);
    const scale = encoding?.target?.scale;
    return scale === undefined ? null : rmseOf(errorBound, rows, scale);
  }

  async #deal(orderHash: Hex) {
    const { offer } = await this.#session.journal.sale(orderHash);
    if (offer !== undefined) return { orderHash, dealId: offer.dealId };
    throw new ProvingError("there is no offer yet", "Offer the seal on chain first.");
  }
}

function hexOf(dealId: SaleStatus["dealId"]): Hex | null {
  return dealId === null ? null : fieldToHex(dealId);
}

function doneOf({ hash, blockNumber, fee }: MinedTransaction): DoneView {
  return { hash, blockNumber, fee };
}

function sentence(step: string): string {
  return step.charAt(0).toUpperCase() + step.slice(1);
}
