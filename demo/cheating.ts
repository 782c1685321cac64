import type { EmbeddedChain } from "@zkcmp/chain/embedded-chain";
import type { Party } from "@zkcmp/chain/party";
import { keepProof, provingInputs } from "@zkcmp/chain/seller/proof";
import { walletAddress } from "@zkcmp/chain/account";
import { isRight, outputs } from "@zkcmp/network/inference";
import { createNetwork, type Network } from "@zkcmp/network/network";
import { type Bundle, encodeBundle } from "@zkcmp/sale/bundle";
import { ciphertextDigest } from "@zkcmp/sale/ciphertext";
import { coreDigest } from "@zkcmp/sale/core";
import { fromHex, type Hex, toHex } from "@zkcmp/sale/hex";
import { orderHash } from "@zkcmp/sale/order";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import { type Buyer, order, type OrderWish, reveal, sealAndOffer, verifyDeal } from "./market.ts";

export interface Refusal {
  readonly attempt: string;
  readonly reason: string;
}

/** A network that knows nothing: the same shape with all its parameters in reverse. */
function worthless(network: Network): Network {
  return createNetwork(
    network.shape,
    network.layers.map(({ weights, biases }) => ({ weights: weights.toReversed(), biases: biases.toReversed() })),
    network.scales,
  );
}

/** The same proof but for one bit in its middle. */
function withBitChanged(proof: Hex): Hex {
  const bytes = fromHex(proof);
  bytes[bytes.length >> 1]! ^= 1;
  return toHex(bytes);
}

/** Runs an attempt that has to fail. @throws Error if it does not */
export async function refusal(attempt: string, action: () => Promise<unknown>): Promise<Refusal> {
  try {
    await action();
  } catch (error) {
    return { attempt, reason: (error as Error).message };
  }
  throw new Error(`not refused: ${attempt}`);
}

/**
 * What a cheating seller tries, each time with files that are as consistent as the seller can make them.
 * @throws Error if an attempt is not refused
 */
export async function refusedAttempts(market: {
  readonly chain: EmbeddedChain;
  readonly seller: Party;
  readonly client: Buyer;
  readonly network: Network;
  /** Proves what the cheater seals. */
  readonly proofSystem: ProofSystem;
  readonly wish: OrderWish & { readonly threshold: number };
  /** An honest deal, and what verifies it. */
  readonly sold: { readonly bundle: Bundle; readonly proofSystem: ProofSystem };
  /** Another honest deal, proven with another proof system than the cheater's. */
  readonly refunded: Bundle;
  readonly other: Party;
}): Promise<Refusal[]> {
  const { chain, seller, client, proofSystem, wish, sold, refunded } = market;
  const bad = worthless(market.network);
  const offered = await sealAndOffer(seller, await order(chain, client, wish), bad, proofSystem);
  await reveal(seller, client, offered);
  const { statement, witness } = await provingInputs(seller.journal, offered.orderHash);
  const right = wish.testSet.rows.filter((row, i) => isRight(outputs(bad, row), wish.testSet.labels[i]!)).length;

  const verify = (bundle: Bundle, by = sold.proofSystem): Promise<unknown> =>
    verifyDeal(chain, client, orderHash(bundle.signedOrder.order), encodeBundle(bundle), by);
  const badCiphertext = statement.ciphertext;
  return [
    await refusal(`prove that a network right on ${right} rows is right on ${wish.threshold}`, () =>
      proofSystem.prove(statement, witness),
    ),
    await refusal(`hand over a proof for ${right} rows in a deal that asks for ${wish.threshold}`, async () => {
      const threshold = Math.max(1, right);
      const core = { ...statement.core, threshold };
      const proof = await proofSystem.prove({ ...statement, core, coreDigest: coreDigest(core), threshold }, witness);
      await verify(await keepProof(seller.journal, offered.orderHash, proof), proofSystem);
    }),
    await refusal("put another model's ciphertext into a proven bundle", () =>
      verify({ ...sold.bundle, ciphertext: badCiphertext }),
    ),
    await refusal("put another model's ciphertext into a proven bundle and into its core", () =>
      verify({
        ...sold.bundle,
        ciphertext: badCiphertext,
        core: { ...sold.bundle.core, ciphertextDigest: ciphertextDigest(badCiphertext) },
      }),
    ),
    await refusal("change one bit of a proof", () =>
      verify({ ...sold.bundle, proof: withBitChanged(sold.bundle.proof) }),
    ),
    await refusal("hand over the proof of another deal", () => verify({ ...sold.bundle, proof: refunded.proof })),
    await refusal(`pass a proof of ${refunded.core.proofSystem} off as one of ${proofSystem.id}`, () =>
      verify({ ...refunded, core: { ...refunded.core, proofSystem: proofSystem.id, keyFiles: {} } }, proofSystem),
    ),
    await refusal("copy a proven bundle and sell it under another name", () =>
      verify({ ...sold.bundle, seller: walletAddress(market.other.wallet) }),
    ),
  ];
}
