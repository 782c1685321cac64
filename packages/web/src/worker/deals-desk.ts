import { dealTimes, type DealTimes } from "@zkcmp/chain/deal-times";
import { type Deal, EscrowContract, finalDeal, type OfferedEvent } from "@zkcmp/chain/escrow-contract";
import { findKnownOrder, keepSeenOrder, knownOrderHashes } from "@zkcmp/chain/known-order";
import { chainTime, type Connection, isDevelopmentChain } from "@zkcmp/chain/network-connection";
import { listOffers } from "@zkcmp/chain/offers";
import { purchaseSteps, type PurchaseStep } from "@zkcmp/chain/buyer/purchase-steps";
import type { BuyerMaterial } from "@zkcmp/chain/buyer/buyer-material";
import type { CheckedBundle } from "@zkcmp/chain/buyer/bundle-check";
import type { FundCost } from "@zkcmp/chain/buyer/fund-cost";
import type { PurchaseRecord } from "@zkcmp/chain/purchase-record";
import type { MinedTransaction } from "@zkcmp/chain/transaction";
import { toFieldElement, type FieldElement } from "@zkcmp/field/element";
import type { Score } from "@zkcmp/network/score";
import type { QuantisedRegressionScore } from "@zkcmp/network/regression-score";
import type { Bundle } from "@zkcmp/sale/bundle";
import type { ProofSystemId } from "@zkcmp/sale/core";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import { type Address, type Order, orderHash } from "@zkcmp/sale/order";
import { decodeOrderFile } from "@zkcmp/sale/order-file";
import type { ProofVerifier } from "@zkcmp/sale/proof-system";
import { RefusedError } from "@zkcmp/sale/refused-error";
import type { OnProgress } from "../progress.ts";
import type { Session } from "./session.ts";
import type { TrustStore } from "./trust-store.ts";
import { waitingWith } from "./waiting.ts";

/** An offer as the market shows it. */
export interface OfferRow {
  readonly dealId: Hex;
  readonly state: Deal["state"];
  readonly seller: Address;
  readonly buyer: Address;
  readonly token: Address;
  readonly price: bigint;
  readonly orderHash: Hex;
  readonly times: DealTimes;
  /** The order, where it is known here and its hash is the offer's; null where its terms are not published. */
  readonly order: Order | null;
  /** Whose it is, as far as the connected account and this journal tell. */
  readonly isPurchase: boolean;
  readonly isSale: boolean;
  /** What the node says of it that cannot be true; null if all fits together. */
  readonly contradiction: string | null;
}

/** An order of one's own that no offer answers yet. */
export interface OpenOrder {
  readonly orderHash: Hex;
  readonly order: Order;
  /** Whether it could still be funded. */
  readonly isOpen: boolean;
}

export interface MarketView {
  /** Unix seconds, the chain's clock. */
  readonly now: number;
  readonly account: Address | null;
  readonly offers: readonly OfferRow[];
  readonly openOrders: readonly OpenOrder[];
  /** What is wrong with order files that the page's host publishes, in words. */
  readonly problems: readonly string[];
}

/** Who gets a share of the price. */
export interface ShareView {
  readonly rewards: Address;
  readonly roundId: Hex;
  readonly basisPoints: number;
  /** Units of the token. */
  readonly share: bigint;
  /** Unix seconds: a key that comes later gives the share to the buyer. */
  readonly shareUntil: number;
}

/** A key as a check of a bundle took it. */
export interface CheckedKey {
  readonly circuit: string;
  readonly keyFile: Hex;
  /** Whether anyone can forge under it. */
  readonly isDevelopment: boolean;
}

/** What a check of a bundle said. */
export interface CheckView {
  readonly isComplete: boolean;
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
  /** What the deal states, now that this was checked, in sentences. */
  readonly statement: readonly string[];
  readonly proofSystem: ProofSystemId;
  /** The trusted key that the proof was checked under; null where the proof system has none. */
  readonly key: CheckedKey | null;
  /** Whether the share's rewards contract is one that this version knows; null without a share. */
  readonly rewardsKnown: boolean | null;
}

/** What a check of a bundle came to: `key-missing`, if its proof is of a key that nobody has verified here. Nothing was checked then. */
export type CheckOutcome = ({ readonly kind: "checked" } & CheckView) | MissingKey;

export interface MissingKey {
  readonly kind: "key-missing";
  /** What the deal's circuit is called. */
  readonly circuit: string;
  /** SHA-256 of the key's file, as the deal's core names it. */
  readonly keyFile: Hex;
  /** Whether the chain takes development keys. */
  readonly isDevelopment: boolean;
}

/** The buyer's side of a deal, from this journal. */
export interface PurchaseView {
  readonly steps: readonly PurchaseStep[];
  /** The deal that the test set was revealed to, if it is another one than this. */
  readonly revealedElsewhere: Hex | null;
  readonly isRevealed: boolean;
  readonly hasBundle: boolean;
  readonly proofSystem: ProofSystemId | null;
  /** What was checked since the page was loaded. */
  readonly check: CheckView | null;
  readonly largestClassShare: number | null;
}

export interface DealView {
  readonly dealId: Hex;
  /** Unix seconds, the chain's clock. */
  readonly now: number;
  readonly account: Address | null;
  readonly deal: Deal;
  readonly offer: OfferedEvent;
  readonly times: DealTimes;
  /** Whether the state is that of the finalized block. */
  readonly isFinal: boolean;
  /** Unix seconds of the redemption's block. */
  readonly redeemedAt: number | null;
  readonly share: ShareView | null;
  readonly order: Order | null;
  /** What the deal states and what it does not, in sentences; empty where the order is not known. */
  readonly statement: readonly string[];
  readonly limits: readonly string[];
  readonly isBuyer: boolean;
  readonly isSeller: boolean;
  readonly hasSale: boolean;
  readonly purchase: PurchaseView | null;
  /** What the connected account can withdraw from the escrow in the deal's token. */
  readonly credit: bigint;
}

/** A file for the user to keep or send. */
export interface FileToSave {
  readonly name: string;
  readonly text: string;
}

/** A network that was bought, opened and scored. */
export interface OpenedNetwork {
  readonly file: FileToSave;
  readonly shape: string;
  readonly rows: number;
  readonly threshold: number;
  readonly errorBound: bigint;
  /** Whether the network keeps what the order asked for. */
  readonly kept: boolean;
  readonly score: Score | null;
  readonly regression: QuantisedRegressionScore | null;
}

/** What a transaction did. */
export interface Done {
  readonly transaction: MinedTransaction;
  /** Whether the money came to the account, or waits in the escrow for a withdrawal. */
  readonly paid: "paid" | "credited";
}

/** A file as the page has read it. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** What the page asks about offers and deals, for all who look and for the buyer. */
export class DealsDesk {
  readonly #session: Session;
  /** Orders that were found once. What an order hash stands for never changes. */
  readonly #orders = new Map<Hex, Order>();
  readonly #offers = new Map<Hex, { offer: OfferedEvent; offeredAt: number }>();
  readonly #redemptions = new Map<Hex, number>();
  readonly #checks = new Map<Hex, { readonly bundle: CheckedBundle; readonly view: CheckView }>();
  readonly #shares = new Map<Hex, number>();
  #published: Promise<string[]> | null = null;
  #libra: ProofVerifier | null = null;
  #trust: TrustStore | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  /** All offers of the market's escrow, and one's own orders that wait for one. */
  async market(): Promise<MarketView> {
    const { journal } = this.#session;
    const { escrow, escrowBlock } = await this.#session.deployment();
    const connection = await this.#session.connection();
    const account = this.#session.account();
    const problems = await this.#readPublished();
    const now = await chainTime(connection);
    const listed = await listOffers(connection, escrow, { fromBlock: escrowBlock });
    const known = await knownOrderHashes(journal);
    const purchases = await journal.purchases();
    const sales = new Set(await journal.sales());
    const offers: OfferRow[] = [];
    for (const { offered, deal, offeredAt, contradiction } of listed) {
      const { orderHash: hash, seller, buyer, token, price } = offered;
      offers.push({
        dealId: fieldToHex(offered.dealId),
        state: deal.state,
        ...{ seller, buyer, token, price, orderHash: hash, contradiction },
        times: dealTimes(deal, offeredAt, now),
        order: known.has(hash) || this.#orders.has(hash) ? await this.#knownOrder(hash) : null,
        isPurchase: buyer === account || purchases.includes(hash),
        isSale: seller === account || sales.has(hash),
      });
    }
    const answered = new Set(offers.map((offer) => offer.orderHash));
    const openOrders: OpenOrder[] = [];
    for (const hash of purchases) {
      if (answered.has(hash)) continue;
      const { order } = (await journal.purchase(hash)).signedOrder;
      if (order.chainId !== connection.chainId || order.escrow !== escrow) continue;
      openOrders.push({ orderHash: hash, order, isOpen: now <= order.fundableUntil });
    }
    return { now, account, offers, openOrders, problems };
  }

  /**
   * Keeps order files in the journal, so that the terms of their offers can be shown from now on.
   * @returns hashes of the orders
   * @throws {FileFormatError}, {OrderError}, {RefusedError} naming the file; those before it are kept
   */
  async learnOrders(files: readonly TextFile[]): Promise<Hex[]> {
    const hashes: Hex[] = [];
    for (const { name, text } of files) {
      hashes.push(await keepSeenOrder(this.#session.journal, decodeOrderFile(text, name)));
    }
    return hashes;
  }

  /** @returns null if the market's escrow has no such deal */
  async deal(id: Hex): Promise<DealView | null> {
    const { journal } = this.#session;
    const dealId = dealIdFrom(id);
    const connection = await this.#session.connection();
    const account = this.#session.account();
    const { escrow: address } = await this.#session.deployment();
    const escrow = new EscrowContract(connection.provider, address);
    const deal = await escrow.deal(dealId);
    if (deal.state === "none") return null;
    const { offer, offeredAt } = await this.#offerOf(connection, escrow, dealId);
    const now = await chainTime(connection);
    await this.#readPublished();
    const order = await this.#knownOrder(offer.orderHash);
    const isFinal = (await finalDeal(connection, escrow, dealId)).state === deal.state;
    const credit = account === null ? 0n : await escrow.credit(account, deal.token);
    const record = await journal.findPurchase(offer.orderHash);
    const hasSale = (await journal.findSale(offer.orderHash)) !== null;
    const { statementLines, LIMITS } = await import("@zkcmp/sale/statement-words");
    const purchase =
      record === null ? null : await this.#purchaseView(id, record, { deal, final: isFinal, credit, now });
    return {
      dealId: id,
      ...{ now, account, deal, offer, isFinal, order, credit, purchase, hasSale },
      times: dealTimes(deal, offeredAt, now),
      redeemedAt: deal.state === "redeemed" ? await this.#redeemedAt(connection, escrow, dealId) : null,
      share: await this.#shareOf(escrow, dealId, deal),
      statement:
        order === null ? [] : statementLines(order, { largestClassShare: purchase?.largestClassShare ?? null }),
      limits: LIMITS,
      isBuyer: record !== null || deal.buyer === account,
      isSeller: hasSale || deal.seller === account,
    };
  }

  /**
   * Hands the test set out to this deal and to no other, once its offer is final.
   * @returns what goes to the seller, the same again
   */
  async reveal(id: Hex): Promise<FileToSave> {
    const { revealTestSet } = await import("@zkcmp/chain/buyer/reveal");
    const { encodeReveal } = await import("@zkcmp/sale/sale-message");
    const { hash, dealId } = await this.#purchaseOf(id);
    const revealed = await revealTestSet(await this.#session.party(), hash, dealId);
    return {
      name: `reveal-${id.slice(2, 10)}.json`,
      text: encodeReveal({ orderHash: hash, dealId, ...revealed }),
    };
  }

  /**
   * Takes the seller's signed root and opens the nonce, once.
   * @param file what the seller sent; null gives the nonce once more, after the root was taken
   * @returns what goes to the seller
   */
  async openNonce(id: Hex, file: TextFile | null): Promise<FileToSave> {
    const { openNonce } = await import("@zkcmp/chain/buyer/reveal");
    const { decodeRoot, encodeNonce, expectDeal } = await import("@zkcmp/sale/sale-message");
    const { journal } = this.#session;
    const { hash, dealId, connection, record } = await this.#purchaseOf(id);
    const root =
      file === null
        ? record.root
        : expectDeal(file.name, decodeRoot(file.text, file.name), { orderHash: hash, dealId });
    if (root === undefined) {
      throw new RefusedError("there is no root of this deal yet", "Give the file that the seller sent.");
    }
    const nonce = await openNonce({ connection, journal }, hash, root);
    return { name: `nonce-${id.slice(2, 10)}.json`, text: encodeNonce({ orderHash: hash, dealId, nonce }) };
  }

  /**
   * Checks a bundle as completely as can be: with the journal's material of its order, else with a reveal file.
   * @param file the bundle as the seller sent it; null checks the one that is kept in the journal once more
   * @param reveal what the buyer has sent to the seller, where this journal does not have the order
   */
  async verify(id: Hex, file: TextFile | null, reveal: TextFile | null, onProgress: OnProgress): Promise<CheckOutcome> {
    const text = file?.text ?? (await this.#keptBundle(id));
    const { decodeBundle } = await import("@zkcmp/sale/bundle");
    const bundle = decodeBundle(text);
    const { dealId, signedOrder } = bundle;
    if (fieldToHex(dealId) !== id) {
      throw new RefusedError(
        `the bundle is for the deal ${fieldToHex(dealId)}, not for this one`,
        "Take the bundle that the seller made for this deal, or open the page of that deal.",
      );
    }
    const missing = await this.#missingKey(bundle);
    if (missing !== null) return missing;
    const checked = await this.#check(text, reveal, onProgress);
    const view = await this.#checkView(checked);
    this.#orders.set(checked.orderHash, signedOrder.order);
    this.#checks.set(id, { bundle: checked, view });
    return { kind: "checked", ...view };
  }

  /** What funding costs besides the price; null without the order. */
  async fundCost(id: Hex): Promise<FundCost | null> {
    const { fundCost } = await import("@zkcmp/chain/buyer/fund-cost");
    const { record, dealId, connection } = await this.#purchaseOf(id);
    return fundCost(connection, record.signedOrder.order, dealId);
  }

  /**
   * Locks the price. Only after a complete check of the very bundle in the journal since the page was loaded: without one
   * it is made now.
   * @param options.permit tokens: a signature in the place of a transaction
   */
  async fund(
    id: Hex,
    options: { readonly permit: boolean },
    onProgress: OnProgress,
  ): Promise<{ transaction: MinedTransaction; refundableFrom: number }> {
    const { fundPurchase } = await import("@zkcmp/chain/buyer/fund");
    const { hash } = await this.#purchaseOf(id);
    const party = await this.#session.party();
    let checked = this.#checks.get(id)?.bundle;
    if (checked === undefined) {
      checked = await this.#check(await this.#keptBundle(id), null, onProgress);
      this.#checks.set(id, { bundle: checked, view: await this.#checkView(checked) });
    }
    onProgress({ what: "Asking the wallet for the payment" });
    return fundPurchase(party, hash, checked, { ...options, ...waitingWith(onProgress) });
  }

  /** Takes the price back. */
  async refund(id: Hex, onProgress: OnProgress): Promise<Done> {
    const { refundPurchase } = await import("@zkcmp/chain/buyer/settle");
    const { hash } = await this.#purchaseOf(id);
    const party = await this.#session.party();
    onProgress({ what: "Asking the wallet for the refund" });
    return refundPurchase(party, hash, waitingWith(onProgress));
  }

  /**
   * Takes the connected account's whole credit in the deal's token, from all its deals.
   * @param to where to send it; the account itself for null
   */
  async withdraw(
    id: Hex,
    to: Address | null,
    onProgress: OnProgress,
  ): Promise<{ transaction: MinedTransaction; amount: bigint }> {
    const { withdrawCredit } = await import("@zkcmp/chain/seller/redeem");
    const { walletAddress } = await import("@zkcmp/chain/account");
    const party = await this.#session.party();
    const { escrow } = await this.#session.deployment();
    const { token } = await new EscrowContract(party.connection.provider, escrow).deal(dealIdFrom(id));
    onProgress({ what: "Asking the wallet for the withdrawal" });
    const credit = { escrow, token, to: to ?? walletAddress(party.wallet) };
    return withdrawCredit(party, credit, waitingWith(onProgress));
  }

  /** Opens the network with the key that the seller has shown, and scores it on the test set. */
  async unseal(id: Hex, onProgress: OnProgress): Promise<OpenedNetwork> {
    const { awaitKey } = await import("@zkcmp/chain/buyer/settle");
    const { unsealNetwork } = await import("@zkcmp/sale/seal");
    const { networkToJson } = await import("@zkcmp/network/network");
    const { formatJson } = await import("@zkcmp/network/json-file");
    const { shapeId } = await import("@zkcmp/network/shape");
    const { score } = await import("@zkcmp/network/score");
    const { scoreRegression } = await import("@zkcmp/network/regression-score");
    const { journal } = this.#session;
    const { hash, connection, record } = await this.#purchaseOf(id);
    const { order } = record.signedOrder;
    const { testSet, privateKey } = await this.#material(hash);
    if (privateKey === null) {
      throw new RefusedError(
        "the X25519 key of the order is not in this browser",
        "Restore its backup on the page Keys: without it the network stays sealed.",
      );
    }
    onProgress({ what: "Reading the key from the chain" });
    const { key, opening, bundle } = await awaitKey({ connection, journal }, hash, { timeout: 0 });
    onProgress({ what: "Opening the network" });
    const network = unsealNetwork(bundle.core, order, bundle.ciphertext, privateKey, key, opening);
    onProgress({ what: "Scoring it on your test set" });
    const regression = network.reading === undefined ? null : scoreRegression(network, testSet);
    const classified = regression === null ? score(network, testSet) : null;
    return {
      file: { name: `network-${id.slice(2, 10)}.json`, text: `${formatJson(networkToJson(network))}\n` },
      shape: shapeId(network.shape),
      rows: order.rows,
      threshold: order.threshold,
      errorBound: order.errorBound,
      kept: classified === null ? regression!.errorBound <= order.errorBound : classified.right >= order.threshold,
      score: classified,
      regression,
    };
  }

  /** On development chains: moves the clock ahead to a time. @returns the chain's time */
  async moveClock(time: number): Promise<number> {
    const { moveClock } = await import("@zkcmp/chain/development-clock");
    return moveClock(await this.#session.connection(), time);
  }

  async #check(text: string, reveal: TextFile | null, onProgress: OnProgress): Promise<CheckedBundle> {
    const { checkBundle } = await import("@zkcmp/chain/buyer/bundle-check");
    const { journal } = this.#session;
    return checkBundle({
      journal,
      text,
      material: (hash) => this.#material(hash, reveal),
      connect: (chainId) => this.#session.connection({ chainId }),
      proofSystemFor: (bundle) => this.#verifierFor(bundle),
      progress: (what, done) => onProgress(done === undefined ? { what } : { what, done }),
    });
  }

  async #verifierFor({ core, signedOrder }: Bundle): Promise<ProofVerifier> {
    if (core.proofSystem === "libra") {
      const { createLibra } = await import("@zkcmp/libra/proof-system");
      // One for all checks: what it makes with the first proof, it keeps.
      this.#libra ??= createLibra();
      return this.#libra;
    }
    const { groth16Verifier } = await import("@zkcmp/groth16/proof-check");
    const { saleCircuitOf } = await import("@zkcmp/groth16/sale-circuit");
    const { keyNamedIn } = await import("@zkcmp/groth16/trusted-circuit-key");
    const { chainId } = signedOrder.order;
    return groth16Verifier({
      circuit: saleCircuitOf(core),
      key: keyNamedIn(core.keyFiles),
      trustStore: await (await this.#trustStore()).path({ chainId }),
      development: isDevelopmentChain(chainId),
    });
  }

  /** The key that a bundle's proof is of, if nobody has verified it here; null if there is none to verify. */
  async #missingKey({ core, signedOrder }: Bundle): Promise<MissingKey | null> {
    if (core.proofSystem === "libra") return null;
    const { saleCircuitOf } = await import("@zkcmp/groth16/sale-circuit");
    const { keyNamedIn } = await import("@zkcmp/groth16/trusted-circuit-key");
    const connection = await this.#session.connection({ chainId: signedOrder.order.chainId });
    const { zkeySha256 } = keyNamedIn(core.keyFiles);
    if ((await (await this.#trustStore()).find(connection, zkeySha256)) !== null) return null;
    return {
      kind: "key-missing",
      circuit: saleCircuitOf(core).name,
      keyFile: zkeySha256,
      isDevelopment: isDevelopmentChain(connection.chainId),
    };
  }

  async #checkView({ bundle, testSet, report, rewardsKnown }: CheckedBundle): Promise<CheckView> {
    const { statementLines } = await import("@zkcmp/sale/statement-words");
    const { largestClassShare } = await import("@zkcmp/network/largest-class");
    const { core, signedOrder } = bundle;
    const { order } = signedOrder;
    const share = order.predicate === "accuracy" ? largestClassShare(testSet) : null;
    return {
      isComplete: report.unchecked.length === 0,
      checked: report.checked,
      unchecked: report.unchecked,
      statement: statementLines(order, { largestClassShare: share, report }),
      proofSystem: core.proofSystem,
      key: await this.#checkedKey(bundle),
      rewardsKnown,
    };
  }

  async #checkedKey({ core, signedOrder }: Bundle): Promise<CheckedKey | null> {
    const keyFile = core.keyFiles["proving key"];
    if (keyFile === undefined) return null;
    const key = await (await this.#trustStore()).find(signedOrder.order, keyFile);
    return key === null
      ? null
      : { circuit: key.circuit, keyFile, isDevelopment: key.provenance.kind === "development" };
  }

  /** Loaded with the first bundle that needs a key. */
  async #trustStore(): Promise<TrustStore> {
    const { TrustStore } = await import("./trust-store.ts");
    return (this.#trust ??= new TrustStore(this.#session));
  }

  /** The material of an order from the journal, else from the reveal file. */
  async #material(hash: Hex, reveal: TextFile | null = null): Promise<BuyerMaterial> {
    const { journalMaterial, revealedMaterial } = await import("@zkcmp/chain/buyer/buyer-material");
    const own = await journalMaterial(this.#session.journal, hash);
    if (own !== null) return own;
    if (reveal === null) {
      throw new RefusedError(
        "this browser's journal does not have the order of this bundle",
        "Restore your journal on the page Keys, or give the file with which the test set was revealed as well.",
      );
    }
    const { decodeReveal } = await import("@zkcmp/sale/sale-message");
    return revealedMaterial(this.#session.journal, hash, decodeReveal(reveal.text, reveal.name));
  }

  async #purchaseOf(
    id: Hex,
  ): Promise<{ hash: Hex; dealId: FieldElement; connection: Connection; record: PurchaseRecord }> {
    const dealId = dealIdFrom(id);
    const connection = await this.#session.connection();
    const { escrow } = await this.#session.deployment();
    const { offer } = await this.#offerOf(connection, new EscrowContract(connection.provider, escrow), dealId);
    const record = await this.#session.journal.purchase(offer.orderHash);
    // An order has one purchase, and may have many offers: what the journal knows is of that one deal.
    if (record.revealed !== undefined && record.revealed.dealId !== dealId) {
      throw new RefusedError(
        `the test set was revealed to the deal ${fieldToHex(record.revealed.dealId)}, not to this one`,
        "Go on with that deal: rows that one seller has seen say nothing about another’s network.",
      );
    }
    return { hash: offer.orderHash, dealId, connection, record };
  }

  async #keptBundle(id: Hex): Promise<string> {
    const { record } = await this.#purchaseOf(id);
    if (record.bundle === undefined) {
      throw new RefusedError("there is no bundle of this deal yet", "Drop the bundle that the seller sent.");
    }
    return this.#session.journal.kept(record.bundle, "the bundle");
  }

  async #purchaseView(
    id: Hex,
    record: PurchaseRecord,
    situation: Parameters<typeof purchaseSteps>[1],
  ): Promise<PurchaseView> {
    const hash = orderHash(record.signedOrder.order);
    const checked = this.#checks.get(id);
    const revealedTo = record.revealed === undefined ? null : fieldToHex(record.revealed.dealId);
    const isElsewhere = revealedTo !== null && revealedTo !== id;
    return {
      steps: purchaseSteps(record, situation),
      revealedElsewhere: isElsewhere ? revealedTo : null,
      isRevealed: revealedTo === id,
      hasBundle: record.bundle !== undefined,
      proofSystem: checked?.view.proofSystem ?? null,
      check: checked?.view ?? null,
      largestClassShare: await this.#largestClassShare(hash, record),
    };
  }

  async #largestClassShare(hash: Hex, { signedOrder, testSet }: PurchaseRecord): Promise<number | null> {
    if (signedOrder.order.predicate !== "accuracy") return null;
    const known = this.#shares.get(hash);
    if (known !== undefined) return known;
    const { testSetFromJson } = await import("@zkcmp/network/testset");
    const { largestClassShare } = await import("@zkcmp/network/largest-class");
    const text = await this.#session.journal.kept(testSet.file, "the test set");
    const share = largestClassShare(testSetFromJson(JSON.parse(text), "The test set in the journal"));
    this.#shares.set(hash, share);
    return share;
  }

  /** The deal's offer. What is final is remembered: it cannot change, and its event is dear to find. */
  async #offerOf(
    connection: Connection,
    escrow: EscrowContract,
    dealId: FieldElement,
  ): Promise<{ offer: OfferedEvent; offeredAt: number }> {
    const id = fieldToHex(dealId);
    const known = this.#offers.get(id);
    if (known !== undefined) return known;
    const offer = await escrow.offered(dealId);
    if (offer === null) {
      throw new RefusedError(
        "the node does not find the offer of this deal",
        "Check the deal's id with the seller, or use a node that keeps old events.",
      );
    }
    const block = await connection.provider.getBlock(offer.blockNumber);
    const found = { offer, offeredAt: block?.timestamp ?? 0 };
    if ((await finalDeal(connection, escrow, dealId)).state !== "none") this.#offers.set(id, found);
    return found;
  }

  async #redeemedAt(connection: Connection, escrow: EscrowContract, dealId: FieldElement): Promise<number | null> {
    const id = fieldToHex(dealId);
    const known = this.#redemptions.get(id);
    if (known !== undefined) return known;
    const event = await escrow.redeemed(dealId);
    const time = event === null ? null : ((await connection.provider.getBlock(event.blockNumber))?.timestamp ?? null);
    if (time !== null) this.#redemptions.set(id, time);
    return time;
  }

  async #shareOf(escrow: EscrowContract, dealId: FieldElement, deal: Deal): Promise<ShareView | null> {
    if (deal.basisPoints === 0) return null;
    const { shareOf } = await import("@zkcmp/sale/deal");
    const { roundIdToHex } = await import("@zkcmp/chain/rounds/round-terms");
    const { rewards, round, basisPoints, shareUntil } = await escrow.splitOf(dealId);
    return { rewards, roundId: roundIdToHex(round), basisPoints, share: shareOf(deal.price, basisPoints), shareUntil };
  }

  /** An order whose hash is this; null if neither the journal nor the page's host has it. */
  async #knownOrder(hash: Hex): Promise<Order | null> {
    const known = this.#orders.get(hash);
    if (known !== undefined) return known;
    const found = await findKnownOrder(this.#session.journal, hash);
    if (found === null) return null;
    this.#orders.set(hash, found.order);
    return found.order;
  }

  /** Reads the order files that the page's host publishes, once. @returns what is wrong with them */
  async #readPublished(): Promise<string[]> {
    this.#published ??= this.#fetchPublished();
    return this.#published;
  }

  async #fetchPublished(): Promise<string[]> {
    const problems: string[] = [];
    for (const url of (await this.#session.deployment()).orders) {
      const name = new URL(url).pathname.split("/").at(-1)!;
      try {
        const response = await fetch(url);
        if (!response.ok)
          throw new RefusedError(`${name} is not there (status ${response.status})`, "Tell the page's host.");
        const { order } = decodeOrderFile(await response.text(), name).signedOrder;
        this.#orders.set(orderHash(order), order);
      } catch (error) {
        problems.push(error instanceof Error ? error.message : `${name} cannot be read`);
      }
    }
    return problems;
  }
}

function dealIdFrom(id: Hex): FieldElement {
  return toFieldElement(BigInt(id), "the deal's id");
}
