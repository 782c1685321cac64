import type { Deal } from "@zkcmp/chain/escrow-contract";
import type { DealTimes } from "@zkcmp/chain/deal-times";
import type { SaleRecord } from "@zkcmp/chain/sale-record";
import type { SaleStep } from "@zkcmp/chain/seller/sale-step";
import type { SaleStatus } from "@zkcmp/chain/status";
import type { MinedTransaction } from "@zkcmp/chain/transaction";
import type { ProofSystemId } from "@zkcmp/sale/core";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address, Order } from "@zkcmp/sale/order";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import type { OnProgress, StepProgress } from "../progress.ts";
import type { NamedText } from "./keys-desk.ts";
import { type RunningProof, startProofWorker, type StartProof } from "./proof-thread.ts";
import type { Session } from "./session.ts";
import { waitingWith } from "./waiting.ts";

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

/** What the page asks about the seller's sales. */
export class SalesDesk {
  readonly #session: Session;
  readonly #startProof: StartProof;
  readonly #proofs = new Map<Hex, ProofEntry>();
  /** Times of final blocks by number. */
  readonly #blockTimes = new Map<number, number>();

  /** @param startProof where proofs are made: in a worker of their own if not given */
  constructor(session: Session, startProof: StartProof = startProofWorker) {
    this.#session = session;
    this.#startProof = startProof;
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
        rows.push({ orderHash, order, standing: { step, next, final, now }, dealId: await hexOf(status.dealId), deal });
      }
    }
    return rows.sort((a, b) => b.order.fundableUntil - a.order.fundableUntil);
  }

  /** @throws {JournalError} if the journal has no such sale; {WrongChainError} */
  async sale(orderHash: Hex): Promise<SaleView> {
    const [{ record, status }, { redeemMargin }, { shareOf, NO_SPLIT }, { roundIdToHex }, shapes] = await Promise.all([
      this.#look(orderHash),
      import("@zkcmp/chain/seller/redeem"),
      import("@zkcmp/sale/deal"),
      import("@zkcmp/chain/rounds/round-terms"),
      import("@zkcmp/network/shape"),
    ]);
    const { core, offer, proof, signedOrder } = record;
    const { order } = signedOrder;
    const { step, next, deal, final, now, credit, rewardCredit } = status;
    const split = offer?.split ?? NO_SPLIT;
    const share = shareOf(order.price, split.basisPoints);
    return {
      ...{ orderHash, order, step, next, deal, final, now, credit, rewardCredit },
      dealId: await hexOf(offer?.dealId ?? null),
      times: await this.#times(record, status),
      seller: offer?.seller ?? null,
      shape: shapes.shapeId(core.shape),
      parameters: shapes.parameterCount(core.shape),
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
      proving: this.#proofs.get(orderHash)?.progress ?? null,
    };
  }

  /**
   * Takes the buyer's test set, for good: the order is never sealed again.
   * @throws {FileFormatError}, {RefusedError} for another deal's; {ProvingError} if it is not the one of the order
   */
  async receiveReveal(orderHash: Hex, file: NamedText): Promise<{ rows: number; features: number }> {
    const { journal } = this.#session;
    const { decodeReveal, expectDeal } = await import("@zkcmp/sale/sale-message");
    const { receiveTestSet } = await import("@zkcmp/chain/seller/proof");
    const message = expectDeal(file.name, decodeReveal(file.text, file.name), await this.#deal(orderHash));
    await receiveTestSet(journal, orderHash, message.testSet, message.salt);
    return { rows: message.testSet.rows.length, features: message.testSet.rows[0]!.length };
  }

  /**
   * Commits to the rows that the model has right and signs the root, once for a deal.
   * @returns the text of the root file, which goes to the buyer
   */
  async commitRoot(orderHash: Hex): Promise<string> {
    const { encodeRoot } = await import("@zkcmp/sale/sale-message");
    const { commitSample } = await import("@zkcmp/chain/seller/proof");
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
    const { decodeNonce, expectDeal } = await import("@zkcmp/sale/sale-message");
    const { receiveNonce } = await import("@zkcmp/chain/seller/proof");
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
    const { ProvingError } = await import("@zkcmp/chain/seller/proof");
    throw new ProvingError("there is no bundle yet", "Prove the sale first.");
  }

  /** Takes the offer back, and waits until that is final. @throws {OfferError} and what sending throws */
  async cancel(orderHash: Hex, onProgress: OnProgress): Promise<DoneView> {
    const { cancelSale } = await import("@zkcmp/chain/seller/offer");
    return doneOf(await cancelSale(await this.#session.party(), orderHash, waitingWith(onProgress)));
  }

  /** Opens the key on chain, which pays the seller. @throws {RedeemError} and what sending throws */
  async redeem(
    orderHash: Hex,
    choice: RedeemChoice,
    onProgress: OnProgress,
  ): Promise<DoneView & { paid: "paid" | "credited" }> {
    const { redeemSale } = await import("@zkcmp/chain/seller/redeem");
    const party = await this.#session.party();
    const { transaction, paid } = await redeemSale(party, orderHash, { ...waitingWith(onProgress), ...choice });
    return { ...doneOf(transaction), paid };
  }

  /** Takes the account's whole credit in the deal's token. @throws {RedeemError} if there is none */
  async withdraw(orderHash: Hex, to: Address | null, onProgress: OnProgress): Promise<DoneView & { amount: bigint }> {
    const { withdrawCredit } = await import("@zkcmp/chain/seller/redeem");
    const { walletAddress } = await import("@zkcmp/chain/account");
    const { escrow, token } = (await this.#session.journal.sale(orderHash)).signedOrder.order;
    const party = await this.#session.party();
    const credit = { escrow, token, to: to ?? walletAddress(party.wallet) };
    const { transaction, amount } = await withdrawCredit(party, credit, waitingWith(onProgress));
    return { ...doneOf(transaction), amount };
  }

  async #prove(orderHash: Hex, entry: ProofEntry, show: OnProgress): Promise<string> {
    const { proveSale } = await import("@zkcmp/chain/seller/proof");
    const { encodeBundle } = await import("@zkcmp/sale/bundle");
    const { RefusedError } = await import("@zkcmp/sale/refused-error");
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
    const { saleStatus } = await import("@zkcmp/chain/status");
    const { journal } = this.#session;
    const record = await journal.sale(orderHash);
    const connection = await this.#session.connection({ chainId: record.signedOrder.order.chainId });
    return { record, status: await saleStatus(connection, journal, orderHash) };
  }

  async #times({ offer, signedOrder }: SaleRecord, { deal, final, now }: SaleStatus): Promise<DealTimes | null> {
    if (offer === undefined || deal === null || deal.state === "none") return null;
    const { minedTransaction } = await import("@zkcmp/chain/transaction");
    const { dealTimes } = await import("@zkcmp/chain/deal-times");
    const connection = await this.#session.connection({ chainId: signedOrder.order.chainId });
    const mined = await minedTransaction(connection, offer.transaction);
    if (mined === null) return null;
    let offered = this.#blockTimes.get(mined.blockNumber);
    if (offered === undefined) {
      const block = await connection.provider.getBlock(mined.blockNumber);
      if (block === null) return null;
      offered = block.timestamp;
      if (final) this.#blockTimes.set(mined.blockNumber, offered);
    }
    return dealTimes(deal, offered, now);
  }

  async #deal(orderHash: Hex) {
    const { offer } = await this.#session.journal.sale(orderHash);
    if (offer !== undefined) return { orderHash, dealId: offer.dealId };
    const { ProvingError } = await import("@zkcmp/chain/seller/proof");
    throw new ProvingError("there is no offer yet", "Offer the seal on chain first.");
  }
}

async function hexOf(dealId: SaleStatus["dealId"]): Promise<Hex | null> {
  if (dealId === null) return null;
  return (await import("@zkcmp/sale/hex")).fieldToHex(dealId);
}

function doneOf({ hash, blockNumber, fee }: MinedTransaction): DoneView {
  return { hash, blockNumber, fee };
}

function sentence(step: string): string {
  return step.charAt(0).toUpperCase() + step.slice(1);
}
