import { awaitKey, refundPurchase } from "@zkcmp/chain/buyer/settle";
import type { EmbeddedChain } from "@zkcmp/chain/embedded-chain";
import { chainTime } from "@zkcmp/chain/network-connection";
import type { Party } from "@zkcmp/chain/party";
import { redeemSale } from "@zkcmp/chain/seller/redeem";
import type { Network } from "@zkcmp/network/network";
import type { Bundle } from "@zkcmp/sale/bundle";
import type { Hex } from "@zkcmp/sale/hex";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import { unsealNetwork } from "@zkcmp/sale/seal";
import { formatEther } from "ethers";
import { type Buyer, fundDeal, order, type OrderWish, proveDeal, reveal, sealAndOffer, verifyDeal } from "./market.ts";
import type { Narration } from "./narration.ts";

/** Who deals with whom, and about what. */
export interface Stage {
  readonly chain: EmbeddedChain;
  readonly seller: Party;
  readonly client: Buyer;
  readonly network: Network;
  readonly narration: Narration;
}

/** What a buyer asks for; the chain says when. */
export type Wish = Omit<OrderWish, "now"> & { readonly threshold: number };

/** A deal that was proven, verified and funded. */
interface FundedDeal {
  readonly orderHash: Hex;
  readonly bundle: Bundle;
  readonly refundableFrom: number;
  readonly gas: Readonly<Record<"offer" | "fund", bigint>>;
}

/** A deal that ended with the model at the buyer. */
export interface SoldDeal {
  readonly orderHash: Hex;
  readonly bundle: Bundle;
  /** What the buyer unsealed. */
  readonly bought: Network;
  readonly gas: Readonly<Record<"offer" | "fund" | "redeem", bigint>>;
}

/** Bytes of a bundle's proof. */
export function proofBytes({ proof }: Bundle): number {
  return (proof.length - 2) / 2;
}

/** Order, offer, rows, proof, verification, price: all but the key. */
async function fundedDeal(
  { chain, seller, client, network, narration: { say, restart } }: Stage,
  wish: Wish,
  proofSystem: ProofSystem,
  steps: readonly [prove: string, verify: string],
): Promise<FundedDeal> {
  const placed = await order(chain, client, { ...wish, now: await chainTime(chain) });
  say(
    `buyer: order signed: at least ${wish.threshold} of ${wish.testSet.rows.length} hidden rows right, for ${formatEther(wish.price)} ether`,
  );
  const offered = await sealAndOffer(seller, placed, network, proofSystem);
  say(
    `seller: sealed and offered as deal ${offered.dealId.toString(16).slice(0, 12)}..., to be proven with ${proofSystem.id}; only now the buyer reveals the rows`,
  );
  await reveal(seller, client, offered);
  restart();
  const { text, bundle } = await proveDeal(seller, offered.orderHash, proofSystem);
  say(`seller: proven; the bundle has ${text.length} bytes, its proof ${proofBytes(bundle)}`, steps[0]);
  const verified = await verifyDeal(chain, client, offered.orderHash, text, proofSystem);
  const { checked, unchecked } = verified.report;
  say(`buyer: bundle and proof verified: ${checked.length} checks, ${unchecked.length} left out`, steps[1]);
  const { gas, refundableFrom } = await fundDeal(client, offered.orderHash, text, verified);
  say("buyer: price locked");
  return { orderHash: offered.orderHash, bundle, refundableFrom, gas: { offer: offered.gas, fund: gas } };
}

/** A deal that ends well. Its seconds go under `prove` and `verify`. */
export async function soldDeal(stage: Stage, wish: Wish, proofSystem: ProofSystem): Promise<SoldDeal> {
  const { seller, client, narration } = stage;
  const { orderHash, bundle, gas } = await fundedDeal(stage, wish, proofSystem, ["prove", "verify"]);
  const redeemed = await redeemSale(seller, orderHash);
  narration.say("seller: key opened on chain, price received");
  const settled = await awaitKey(client, orderHash);
  const bought = unsealNetwork(
    settled.bundle.core,
    settled.bundle.signedOrder.order,
    settled.bundle.ciphertext,
    client.keyPair.privateKey,
    settled.key,
    settled.opening,
  );
  return { orderHash, bundle, bought, gas: { ...gas, redeem: redeemed.transaction.gasUsed } };
}

/**
 * A deal in which the seller never opens the key. Its seconds go under `refundedProve` and `refundedVerify`.
 * @returns the bundle, and the gas of the refund
 */
export async function refundedDeal(
  stage: Stage,
  wish: Wish,
  proofSystem: ProofSystem,
): Promise<{ bundle: Bundle; gas: bigint }> {
  const { chain, client, narration } = stage;
  const deal = await fundedDeal(stage, wish, proofSystem, ["refundedProve", "refundedVerify"]);
  narration.say("the seller never opens the key");
  await chain.advanceTime(Math.max(0, deal.refundableFrom - (await chainTime(chain))));
  const { transaction } = await refundPurchase(client, deal.orderHash);
  narration.say("buyer: a day later the price is back");
  return { bundle: deal.bundle, gas: transaction.gasUsed };
}
