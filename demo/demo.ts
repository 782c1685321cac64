// npm run demo [-- --json] [--data FOLDER [--csv NAME]] [--rows N]: a trained network changes hands for coins on an embedded chain,
// a second deal ends in its refund, and a third shows what happens to a seller who cheats; then the rewards demo (rewards.ts).
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { awaitKey, refundPurchase } from "@zkcmp/chain/buyer/settle";
import { type EmbeddedChain, openEmbeddedChain } from "@zkcmp/chain/embedded-chain";
import { chainTime } from "@zkcmp/chain/network-connection";
import { redeemSale } from "@zkcmp/chain/seller/redeem";
import { walletAddress } from "@zkcmp/chain/wallet";
import { endCurve } from "@zkcmp/groth16/curve";
import { createGroth16 } from "@zkcmp/groth16/proof-system";
import { saleCircuit, saleConstraints } from "@zkcmp/groth16/sale-circuit";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { layerBounds } from "@zkcmp/network/bounds";
import { score, scoreFloat } from "@zkcmp/network/score";
import { inputCount, parameterCount } from "@zkcmp/network/shape";
import { sliceTestSet } from "@zkcmp/network/testset";
import { REPORTED_ERRORS, sampledClaim } from "@zkcmp/sale/sampling";
import { unsealNetwork } from "@zkcmp/sale/seal";
import { formatEther, parseEther } from "ethers";
import { type Refusal, refusedAttempts } from "./cheating.ts";
import { ownDigits, readFolder } from "./data.ts";
import { demoModel } from "./model.ts";
import { buyer, fundDeal, order, party, proveDeal, reveal, sealAndOffer, verifyDeal } from "./market.ts";
import { narration, percent } from "./narration.ts";
import { rewardsJson, runRewards } from "./rewards-demo.ts";
import { rentScenario } from "./round-scenario.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    data: { type: "string" },
    csv: { type: "string" },
    rows: { type: "string" },
    hidden: { type: "string" },
    sampled: { type: "string", default: "0" },
  },
});

const { say, restart, seconds, total } = narration();

/** Gas of everything that is on a chain so far: on a new embedded chain the deployment of library and escrow. */
async function gasSoFar(of: EmbeddedChain): Promise<bigint> {
  let gas = 0n;
  const newest = await of.provider.getBlockNumber();
  for (let height = 1; height <= newest; height++) gas += (await of.provider.getBlock(height))!.gasUsed;
  return gas;
}

const home = await mkdtemp(join(tmpdir(), "zkcmp-demo-"));
const chain = await openEmbeddedChain(home);
const deploymentGas = await gasSoFar(chain);
try {
  say(`embedded chain ${chain.chainId}, escrow at ${chain.escrow}`, "chain");

  // A network worth buying.
  const data = values.data === undefined ? ownDigits() : await readFolder(values.data, values.csv);
  say(`data: ${data.name}: ${data.train.rows.length} rows to train on, ${data.heldOut.rows.length} held out`);
  const { float, network } = await demoModel(data, values.hidden === undefined ? undefined : Number(values.hidden));
  const { shape } = network;
  const floatScore = scoreFloat(float, data.heldOut.rows, data.heldOut.labels, data.heldOut.classes);
  const quantisedScore = score(network, data.heldOut);
  const widths = [inputCount(shape), ...shape.layers.map((layer) => layer.outputs)];
  say(
    `trained ${widths.join("-")}, ${parameterCount(shape)} int${shape.weightBits} parameters; on the held-out rows: ` +
      `float ${percent(floatScore.accuracy)}, integers ${percent(quantisedScore.accuracy)}, ` +
      `largest class ${percent(quantisedScore.largestClassShare)}`,
    "train",
  );

  // One key for the shape and the number of rows. It serves all three deals.
  const sampledRows = Number(values.sampled);
  const rows = Number(
    values.rows ??
      (sampledRows > 0 ? data.heldOut.rows.length : Math.min(64, Math.floor(data.heldOut.rows.length / 3))),
  );
  const testSet = sliceTestSet(data.heldOut, 0, rows);
  const provenRows = sampledRows > 0 ? sampledRows : rows;
  const circuit = saleCircuit(shape, provenRows);
  const constraints = saleConstraints(circuit).total;
  say(
    `circuit for ${provenRows} rows: ${constraints} constraints; pre-activations up to 2^${layerBounds(shape)
      .map(({ magnitudeBits }) => magnitudeBits)
      .join(" and 2^")}`,
  );
  const trustStore = join(home, "trusted-keys.json");
  const key = await developmentKey(circuit, trustStore, {
    progress: (step, done) => {
      if (step === "setup" && done === 0) say("circuit compiled", "compile");
    },
  });
  const proofSystem = createGroth16({ circuit, key, trustStore, development: true, zkeyPath: key.zkeyPath });
  say("development key made (anyone can forge under it; only development chains accept it)", "setup");

  const seller = await party(chain, join(home, "seller"), 1);
  const client = await buyer(chain, join(home, "buyer"), 2);
  const balances = async (): Promise<{ seller: bigint; buyer: bigint }> => ({
    seller: await chain.provider.getBalance(walletAddress(seller.wallet)),
    buyer: await chain.provider.getBalance(walletAddress(client.wallet)),
  });
  const before = await balances();
  // The seller advertises what it measured in training, less two points for rows it has not seen and less three standard
  // deviations of a draw of so many rows.
  const measured = score(network, data.train).accuracy;
  const margin = 0.02 + 3 * Math.sqrt((measured * (1 - measured)) / rows);
  const threshold = Math.floor((measured - margin) * rows);
  const price = parseEther("1");
  const wish = { testSet, threshold, sampledRows, price, timeToRedeem: 24 * 3600 };

  // The first deal: sold.
  const placed = await order(chain, client, { ...wish, now: await chainTime(chain) });
  say(`buyer: order signed: at least ${threshold} of ${rows} hidden rows right, for ${formatEther(price)} ether`);
  const offered = await sealAndOffer(seller, placed, network, proofSystem);
  say(
    `seller: sealed and offered as deal ${offered.dealId.toString(16).slice(0, 12)}...; only now the buyer reveals the rows`,
  );
  await reveal(seller, client, offered);
  restart();
  const { text, bundle } = await proveDeal(seller, offered.orderHash, proofSystem);
  say(`seller: proven; the bundle has ${text.length} bytes, its proof ${(bundle.proof.length - 2) / 2}`, "prove");
  const verified = await verifyDeal(chain, client, offered.orderHash, text, proofSystem);
  say(
    `buyer: bundle and proof verified: ${verified.report.checked.length} checks, ${verified.report.unchecked.length} left out`,
    "verify",
  );
  const funded = await fundDeal(client, offered.orderHash, text, verified);
  say("buyer: price locked");
  const redeemed = await redeemSale(seller, offered.orderHash);
  say("seller: key opened on chain, price received");
  const settled = await awaitKey(client, offered.orderHash);
  const bought = unsealNetwork(
    settled.bundle.core,
    settled.bundle.signedOrder.order,
    settled.bundle.ciphertext,
    client.keyPair.privateKey,
    settled.key,
    settled.opening,
  );
  const rescored = score(bought, testSet);
  const claims = sampledRows === 0 ? [] : REPORTED_ERRORS.map((error) => sampledClaim(threshold, sampledRows, error));
  // A sampled proof never states the threshold itself: the surest of its claims is what it is worth.
  const provenRight = claims.at(-1)?.atLeast ?? threshold;
  const proven =
    claims.length === 0
      ? `at least ${threshold}`
      : claims
          .map(
            ({ atLeast, error }) =>
              `at least ${atLeast} with error ${error < 0.001 ? `2^${Math.log2(error)}` : percent(error)}`,
          )
          .join(", ");
  say(`buyer: unsealed; the plain network is right on ${rescored.right} of ${rows} rows (proven: ${proven})`);
  const after = await balances();

  // The second deal: the seller does not redeem, the buyer is refunded.
  let refund: Awaited<ReturnType<typeof refundPurchase>> | undefined;
  let refused: Refusal[] = [];
  if (data.heldOut.rows.length < 3 * rows) {
    say("one deal only: a second and a third would need held-out rows that no deal has seen");
  } else {
    const secondWish = { ...wish, testSet: sliceTestSet(data.heldOut, rows, 2 * rows), now: await chainTime(chain) };
    const again = await sealAndOffer(seller, await order(chain, client, secondWish), network, proofSystem);
    await reveal(seller, client, again);
    const secondProof = await proveDeal(seller, again.orderHash, proofSystem);
    const secondVerified = await verifyDeal(chain, client, again.orderHash, secondProof.text, proofSystem);
    const { refundableFrom } = await fundDeal(client, again.orderHash, secondProof.text, secondVerified);
    say("second deal: proven, verified and funded, but the seller never opens the key");
    await chain.advanceTime(Math.max(0, refundableFrom - (await chainTime(chain))));
    refund = await refundPurchase(client, again.orderHash);
    say("second deal: a day later the buyer has taken the price back");

    // The third: a seller who cheats.
    refused = await refusedAttempts({
      chain,
      seller,
      client,
      network,
      proofSystem,
      wish: { ...wish, testSet: sliceTestSet(data.heldOut, 2 * rows, 3 * rows), now: await chainTime(chain) },
      sold: { bundle, orderHash: offered.orderHash },
      other: await party(chain, join(home, "other"), 3),
    });
    for (const { attempt, reason } of refused) say(`refused: ${attempt}: ${reason}`);
  }

  // Data providers are paid what their rows are worth. Where data are named the demo stays with them.
  const rewardsTold = narration();
  const rewards =
    values.data === undefined
      ? await runRewards({ scenario: rentScenario(), narration: rewardsTold, svgPath: "build/rewards-chart.svg" })
      : null;
  for (const line of rewards?.lines ?? []) console.error(line);
  const rewardsSeconds = { ...rewardsTold.seconds, total: rewardsTold.total() };

  const summary = {
    demo: "sale",
    ok: rescored.right >= threshold && after.seller > before.seller && rewards?.ok !== false,
    network: { layers: widths, parameters: parameterCount(shape), weightBits: shape.weightBits },
    accuracy: {
      float: floatScore.accuracy,
      quantised: quantisedScore.accuracy,
      proven: provenRight / rows,
      rescored: rescored.accuracy,
    },
    rows: { n: rows, T: threshold, proven: provenRows },
    sampling: sampledRows === 0 ? null : { m: sampledRows, claims },
    proofSystem: "groth16",
    constraints,
    seconds: {
      train: seconds.train,
      compile: seconds.compile,
      setup: seconds.setup,
      prove: seconds.prove,
      verify: seconds.verify,
      total: total(),
    },
    proofBytes: (bundle.proof.length - 2) / 2,
    gas: {
      deploy: Number(deploymentGas),
      offer: Number(offered.gas),
      fund: Number(funded.gas),
      redeem: Number(redeemed.transaction.gasUsed),
      refund: refund === undefined ? null : Number(refund.transaction.gasUsed),
    },
    balances: {
      seller: { before: before.seller.toString(), after: after.seller.toString() },
      buyer: { before: before.buyer.toString(), after: after.buyer.toString() },
    },
    refused,
    refunded: refund !== undefined,
    rewards: rewards === null ? null : rewardsJson(rewards, rewardsSeconds),
  };
  say(`done in ${total().toFixed(0)} s`);
  if (values.json) console.log(JSON.stringify(summary));
  process.exitCode = summary.ok ? 0 : 1;
} finally {
  await chain.close();
  await endCurve();
  await rm(home, { recursive: true, force: true });
}
