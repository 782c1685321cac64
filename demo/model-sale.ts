import { join } from "node:path";
import { awaitKey } from "@zkcmp/chain/buyer/settle";
import { modelOrigin, soldModel, trainedModel } from "@zkcmp/chain/model-origin";
import { chainTime } from "@zkcmp/chain/network-connection";
import type { ProvenRound } from "@zkcmp/chain/rounds/prove";
import type { RoundFile } from "@zkcmp/chain/rounds/round-file";
import { provingInputs } from "@zkcmp/chain/seller/proof";
import { redeemSale } from "@zkcmp/chain/seller/redeem";
import { createNetwork, type Network } from "@zkcmp/network/network";
import { scoreRegression } from "@zkcmp/network/regression-score";
import { shareOf } from "@zkcmp/sale/deal";
import { unsealNetwork } from "@zkcmp/sale/seal";
import { targetScale, testSetOf } from "@zkcmp/shapley/sample-encoding";
import { formatEther } from "ethers";
import { type Refusal, refusal } from "./cheating.ts";
import { buyer, fundDeal, order, proveDeal, reveal, sealAndOffer, verifyDeal } from "./market.ts";
import type { Narration } from "./narration.ts";
import { readyLibra } from "./proof-systems.ts";
import { ACCOUNTS, type RoundWorld } from "./round.ts";

/** How the sale of a round's model ended. */
export interface ModelSale {
  /** Root mean square errors on the buyer's rows, in real units: what was proven, and what the buyer measured. */
  readonly provenError: number;
  readonly measuredError: number;
  /** Share of the rows' variance that the model explains. */
  readonly explained: number;
  /** That the model sold is the one that the round trained, in words. */
  readonly origin: string;
  /** Wei that the round is owed of the price. */
  readonly share: bigint;
  readonly gates: number;
  readonly gas: Readonly<Record<"offer" | "fund" | "redeem", bigint>>;
  readonly refused: readonly Refusal[];
}

/** The seller promises the error that it measured on the validation rows, with this much room. */
const ROOM = 1.2;

/** Hundredths of a per cent of the price that go to the round. */
const BASIS_POINTS = 3_000;

/** The owner sells the model of a proven round to somebody with rows of their own, and owes the providers a share. */
export async function sellModel(
  world: RoundWorld,
  round: RoundFile,
  { network, modelSalt }: Pick<ProvenRound, "network" | "modelSalt">,
  { price, folder, narration }: { readonly price: bigint; readonly folder: string; readonly narration: Narration },
): Promise<ModelSale> {
  const { chain, owner, scenario, trustStore } = world;
  const { say, restart } = narration;
  const { encoding, unit } = scenario;
  const scale = targetScale(encoding);
  const testSet = testSetOf(encoding, scenario.buyerRows);
  const rows = testSet.rows.length;
  const sale = { shape: network.shape, rows, predicate: "squared-error", committed: true } as const;
  const { proofSystem, size: gates } = readyLibra(sale);
  say(`the model is for sale, to be proven with libra: ${gates} gates for ${rows} rows`);

  const client = await buyer(chain, join(folder, "buyer"), ACCOUNTS.buyer);
  const advertised = scoreRegression(network, testSetOf(encoding, scenario.validation)).rmse * ROOM;
  const errorBound = BigInt(Math.floor(rows * advertised ** 2));
  const wish = { testSet, errorBound, price, timeToRedeem: 24 * 3600, now: await chainTime(chain) };
  const placed = await order(chain, client, wish);
  const provenError = Math.sqrt(Number(errorBound) / rows) / scale;
  say(
    `buyer: order signed: a mean error (RMSE) of at most ${provenError.toFixed(1)} ${unit} on ${rows} hidden rows, for ${formatEther(price)} ether`,
  );
  const split = { round, basisPoints: BASIS_POINTS, trustStore };
  const offered = await sealAndOffer(owner, placed, network, proofSystem, { modelSalt, split });
  say(
    `owner: sealed and offered with the round's model commitment; ${BASIS_POINTS / 100} % of the price go to the round`,
  );
  await reveal(owner, client, offered);
  restart();
  const { statement, witness } = await provingInputs(owner.journal, offered.orderHash);
  const refused = [
    await refusal("seal another model under the round's model commitment", () =>
      proofSystem.prove(statement, { ...witness, network: worse(network) }),
    ),
  ];
  const { text } = await proveDeal(owner, offered.orderHash, proofSystem);
  say("owner: squared errors proven for the sealed model, and that it opens the round's model commitment", "saleProve");
  const verified = await verifyDeal(chain, client, offered.orderHash, text, proofSystem);
  const { core, signedOrder } = verified.bundle;
  const origin = modelOrigin(soldModel(core, signedOrder.order), await trainedModel(chain, round, trustStore));
  if (origin === null) throw new Error("the model sold is not the one that the round trained");
  say(`buyer: verified. Both commitments are equal: ${origin}`, "saleVerify");
  const funded = await fundDeal(client, offered.orderHash, text, verified);
  const redeemed = await redeemSale(owner, offered.orderHash);
  const settled = await awaitKey(client, offered.orderHash);
  const bought = unsealNetwork(
    settled.bundle.core,
    settled.bundle.signedOrder.order,
    settled.bundle.ciphertext,
    client.keyPair.privateKey,
    settled.key,
    settled.opening,
  );
  const score = scoreRegression(bought, testSet, scale);
  say(
    `buyer: paid, unsealed and scored again: RMSE ${score.rmse.toFixed(1)} ${unit} ` +
      `(proven: at most ${provenError.toFixed(1)}), R^2 ${score.rSquared.toFixed(2)}`,
  );
  return {
    provenError,
    measuredError: score.rmse,
    explained: score.rSquared,
    origin,
    share: shareOf(price, BASIS_POINTS),
    gates,
    gas: { offer: offered.gas, fund: funded.gas, redeem: redeemed.transaction.gasUsed },
    refused,
  };
}

/** The same network with its weights' signs turned around. */
function worse({ shape, layers, scales, reading }: Network): Network {
  return createNetwork(
    shape,
    layers.map(({ weights, biases }) => ({ weights: weights.map((weight) => -Math.max(weight, -32_767)), biases })),
    scales,
    reading,
  );
}
