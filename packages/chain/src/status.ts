import type { FieldElement } from "@zkcmp/field/element";
import type { Split } from "@zkcmp/sale/deal";
import { decodeBundle } from "@zkcmp/sale/bundle";
import type { Core, ProofSystemId } from "@zkcmp/sale/core";
import type { Hex } from "@zkcmp/sale/hex";
import type { Order } from "@zkcmp/sale/order";
import { type Deal, EscrowContract, finalDeal } from "./escrow-contract.ts";
import type { Journal } from "./journal.ts";
import { type SoldModel, soldModel } from "./model-origin.ts";
import { chainTime, type Connection } from "./network-connection.ts";
import { requireChain } from "./party.ts";
import type { PurchaseRecord } from "./purchase-record.ts";
import { type SaleStep, saleStep } from "./seller/sale-step.ts";

/** Where a sale or a purchase stands. Holds no secret. */
export interface DealStatus {
  readonly role: "seller" | "buyer";
  readonly orderHash: Hex;
  /** null where a buyer has kept no bundle. */
  readonly proofSystem: ProofSystemId | null;
  /** For `modelOrigin`; null where the core names no M or a buyer has kept no bundle, which was verified then. */
  readonly model: SoldModel | null;
  readonly dealId: FieldElement | null;
  /** null where no deal is known yet. */
  readonly deal: Deal | null;
  /** Who gets a share of the price, and until when (unix seconds) the key must be out for it; null for nobody. */
  readonly split: (Omit<Split, "codeHash"> & { readonly shareUntil: number }) | null;
  /** What waits in the escrow for the split's round, from all its deals, in units of the token. */
  readonly rewardCredit: bigint;
  /** What the deal's seller, or buyer, can withdraw from the escrow in the deal's token, from all deals. */
  readonly credit: bigint;
  /** Whether the deal's present state is that of the `finalized` block. */
  readonly final: boolean;
  /** Unix seconds, the chain's clock. */
  readonly now: number;
  /** What to do next, in one sentence. */
  readonly next: string;
}

/** Where a sale stands. */
export interface SaleStatus extends DealStatus {
  readonly role: "seller";
  readonly step: SaleStep;
}

/** @throws {JournalError} if the journal has no such sale */
export async function saleStatus(connection: Connection, journal: Journal, orderHash: Hex): Promise<SaleStatus> {
  const sale = await journal.sale(orderHash);
  const model = committedModel(sale.core, sale.signedOrder.order);
  const onChain = await lookUp(connection, "seller", sale.signedOrder.order, sale.offer?.dealId ?? null);
  const { proofSystem } = sale.core;
  const step = saleStep(sale, onChain);
  return { role: "seller", orderHash, proofSystem, model, ...onChain, step, next: nextForSeller(step, onChain) };
}

/** @throws {JournalError} if the journal has no such purchase */
export async function purchaseStatus(connection: Connection, journal: Journal, orderHash: Hex): Promise<DealStatus> {
  const purchase = await journal.purchase(orderHash);
  const { bundle, signedOrder } = purchase;
  const core = bundle === undefined ? null : decodeBundle(await journal.kept(bundle, "the bundle")).core;
  const model = core === null ? null : committedModel(core, signedOrder.order);
  const onChain = await lookUp(connection, "buyer", signedOrder.order, purchase.revealed?.dealId ?? null);
  const proofSystem = core?.proofSystem ?? null;
  return { role: "buyer", orderHash, proofSystem, model, ...onChain, next: nextForBuyer(purchase, onChain) };
}

function committedModel(core: Core, order: Order): SoldModel | null {
  return core.modelCommitment === 0n ? null : soldModel(core, order);
}

type OnChain = Pick<DealStatus, "dealId" | "deal" | "split" | "rewardCredit" | "credit" | "final" | "now">;

async function lookUp(
  connection: Connection,
  role: DealStatus["role"],
  order: Order,
  dealId: FieldElement | null,
): Promise<OnChain> {
  requireChain(connection, order);
  const now = await chainTime(connection);
  if (dealId === null) return { dealId, deal: null, split: null, rewardCredit: 0n, credit: 0n, final: false, now };
  const escrow = new EscrowContract(connection.provider, order.escrow);
  const deal = await escrow.deal(dealId);
  const final = deal.state !== "none" && (await finalDeal(connection, escrow, dealId)).state === deal.state;
  const split = deal.basisPoints === 0 ? null : await escrow.splitOf(dealId);
  const rewardCredit = split === null ? 0n : await escrow.rewardCredit(split.rewards, split.round, deal.token);
  const credit = deal.state === "none" ? 0n : await escrow.credit(deal[role], deal.token);
  return { dealId, deal, split, rewardCredit, credit, final, now };
}

const SELLER_STEPS: Readonly<Record<SaleStep, string>> = {
  offer: "Offer the seal on chain.",
  "offer-again": "Run the offer again: it was not mined.",
  "funding-over": "The time to fund is over: cancel the offer.",
  "offer-final": "Wait until the offer is final.",
  "test-set": "Give the buyer the deal's id and wait for the test set.",
  root: "Commit to the sample.",
  nonce: "Give the buyer the root and wait for the nonce.",
  proof: "Prove the sale.",
  payment: "Give the buyer the bundle and wait for the payment.",
  "payment-final": "Wait until the payment is final, then redeem.",
  redeem: "Redeem.",
  "redeem-late": "Too close to the refund to show the key: keep it.",
  "refund-open": "Too late to redeem: keep the key and let the buyer take the refund.",
  redeemed: "The price was paid, or credited: withdraw a credit.",
  refunded: "The buyer took the price back; the model is still yours.",
  cancelled: "Nothing: the offer was taken back.",
};

function nextForSeller(step: SaleStep, { rewardCredit }: OnChain): string {
  const forward = step === "redeemed" && rewardCredit > 0n ? " Forward the round's share." : "";
  return SELLER_STEPS[step] + forward;
}

function nextForBuyer(purchase: PurchaseRecord, { deal, credit, now }: OnChain): string {
  const sampled = purchase.nonce !== undefined;
  switch (deal?.state ?? "none") {
    case "none":
      return "Give the seller the order and wait for the deal's id; then reveal the test set to it.";
    case "offered":
      if (now > deal!.fundableUntil) return "The time to fund is over: make a new order with fresh rows.";
      if (sampled && purchase.root === undefined) return "Wait for the seller's root, then open the nonce.";
      if (purchase.bundle === undefined) return "Wait for the bundle, then verify it.";
      return "Verify the bundle, then fund.";
    case "funded":
      return now >= deal!.refundableFrom ? "Take the refund." : "Wait for the key, then unseal.";
    case "redeemed":
      // The share of a round, where the key came too late for it.
      return credit === 0n ? "Unseal the network." : "Unseal the network. Withdraw your credit.";
    case "refunded":
      return "Nothing: the price was paid back, or credited: withdraw a credit.";
    case "cancelled":
      return "The seller took the offer back: make a new order with fresh rows.";
  }
}
