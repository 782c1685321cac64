// npm run demo [-- --json] [--data FOLDER [--csv NAME]] [--rows N] [--sampled M] [--proof-system libra|groth16]: a trained network changes
// hands for coins on an embedded chain, a second deal ends in its refund, and a third shows what happens to a seller who cheats;
// then the rewards demo (rewards.ts).
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type EmbeddedChain, openEmbeddedChain } from "@zkcmp/chain/embedded-chain";
import { chainTime } from "@zkcmp/chain/network-connection";
import { walletAddress } from "@zkcmp/chain/account";
import { endCurve } from "@zkcmp/groth16/curve";
import { layerBounds } from "@zkcmp/network/bounds";
import { score, scoreFloat } from "@zkcmp/network/score";
import { inputCount, parameterCount } from "@zkcmp/network/shape";
import { sliceTestSet } from "@zkcmp/network/testset";
import { REPORTED_ERRORS, sampledClaim } from "@zkcmp/sale/sampling";
import { parseEther } from "ethers";
import { type Refusal, refusedAttempts } from "./cheating.ts";
import { ownDigits, readFolder } from "./data.ts";
import { proofBytes, refundedDeal, soldDeal } from "./deals.ts";
import { buyer, party } from "./market.ts";
import { demoModel } from "./model.ts";
import { narration, percent } from "./narration.ts";
import { namedProofSystem, readyGroth16, readyLibra } from "./proof-systems.ts";
import { rewardsJson, runRewards } from "./rewards-demo.ts";
import { rentScenario } from "./round-scenario.ts";

/** Rows of the first deal, if nothing else is asked for; every row of Groth16's circuit has to be compiled. */
const SOLD_ROWS = { libra: 1_000, groth16: 64 } as const;
const REFUNDED_ROWS = 16;
const CHEATED_ROWS = 64;
const SPARE_ROWS = REFUNDED_ROWS + CHEATED_ROWS;

/** What the second deal was: proven with Groth16, and refunded. */
interface Refund {
  readonly gas: bigint;
  readonly constraints: number;
  readonly proofBytes: number;
}

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    data: { type: "string" },
    csv: { type: "string" },
    rows: { type: "string" },
    hidden: { type: "string" },
    sampled: { type: "string", default: "0" },
    "proof-system": { type: "string", default: "libra" },
  },
});

const told = narration();
const { say, seconds, total } = told;

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
  const system = namedProofSystem(values["proof-system"]);
  const isLibra = system === "libra";
  const data =
    values.data === undefined ? ownDigits() : await readFolder(values.data, { name: values.csv, pool: !isLibra });
  say(`data: ${data.name}: ${data.train.rows.length} rows to train on, ${data.heldOut.rows.length} held out`);
  const { float, network } = await demoModel(data, values.hidden === undefined ? undefined : Number(values.hidden));
  const { shape } = network;
  const floatScore = scoreFloat(float, data.heldOut.rows, data.heldOut.labels, data.heldOut.classes);
  const quantisedScore = score(network, data.heldOut);
  const widths = [inputCount(shape), ...shape.layers.map((layer) => layer.outputs)];
  say(
    `trained ${widths.join("-")}, ${parameterCount(shape)} int${shape.weightBits} parameters; on the held-out rows: ` +
      `float ${percent(floatScore.accuracy)}, integers ${percent(quantisedScore.accuracy)}, ` +
      `largest class ${percent(quantisedScore.largestClassShare)}; pre-activations up to 2^${layerBounds(shape)
        .map(({ magnitudeBits }) => magnitudeBits)
        .join(" and 2^")}`,
    "train",
  );

  const sampledRows = Number(values.sampled);
  const heldOut = data.heldOut.rows.length;
  // Real data go into one deal as they are, where that is no trouble; the demo's own digits are enough for three.
  const isOneDeal = sampledRows > 0 || (isLibra && values.data !== undefined) || heldOut <= SPARE_ROWS;
  const rows = Number(values.rows ?? (isOneDeal ? heldOut : Math.min(SOLD_ROWS[system], heldOut - SPARE_ROWS)));
  const provenRows = sampledRows > 0 ? sampledRows : rows;
  const accuracy = { shape, predicate: "accuracy", committed: false } as const;
  const { proofSystem, size } = isLibra
    ? readyLibra({ ...accuracy, rows: provenRows })
    : await readyGroth16(shape, provenRows, home, told);

  const seller = await party(chain, join(home, "seller"), 1);
  const client = await buyer(chain, join(home, "buyer"), 2);
  const stage = { chain, seller, client, network, narration: told };
  const balances = async (): Promise<{ seller: bigint; buyer: bigint }> => ({
    seller: await chain.provider.getBalance(walletAddress(seller.wallet)),
    buyer: await chain.provider.getBalance(walletAddress(client.wallet)),
  });
  const before = await balances();
  // The seller advertises what it measured in training, less three points for rows it has not seen and less three standard
  // deviations of a draw of so many rows.
  const measured = score(network, data.train).accuracy;
  const wishFor = (from: number, count: number) => ({
    testSet: sliceTestSet(data.heldOut, from, from + count),
    threshold: Math.floor((measured - 0.03 - 3 * Math.sqrt((measured * (1 - measured)) / count)) * count),
    price: parseEther("1"),
    timeToRedeem: 24 * 3600,
  });

  // The first deal: sold.
  const wish = { ...wishFor(0, rows), sampledRows };
  const { testSet, threshold } = wish;
  const sold = await soldDeal(stage, wish, proofSystem);
  const rescored = score(sold.bought, testSet);
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

  // The second and the third deal, on rows that no deal has seen.
  let refund: Refund | null = null;
  let refused: Refusal[] = [];
  if (heldOut < rows + SPARE_ROWS) {
    say("one deal only: a second and a third would need held-out rows that no deal has seen");
  } else {
    say(`second deal: ${REFUNDED_ROWS} rows, proven with groth16`);
    const steps = ["refundedCompile", "refundedSetup"] as const;
    const groth16 = await readyGroth16(shape, REFUNDED_ROWS, home, told, steps);
    const { bundle, gas } = await refundedDeal(stage, wishFor(rows, REFUNDED_ROWS), groth16.proofSystem);
    refund = { gas, constraints: groth16.size, proofBytes: proofBytes(bundle) };

    say("third deal: a seller who cheats");
    const cheated = wishFor(rows + REFUNDED_ROWS, CHEATED_ROWS);
    refused = await refusedAttempts({
      ...stage,
      proofSystem: readyLibra({ ...accuracy, rows: CHEATED_ROWS }).proofSystem,
      wish: { ...cheated, now: await chainTime(chain) },
      sold: { bundle: sold.bundle, proofSystem },
      refunded: bundle,
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
    proofSystem: system,
    constraints: size,
    seconds: {
      train: seconds.train,
      // Libra has neither.
      compile: seconds.compile ?? 0,
      setup: seconds.setup ?? 0,
      prove: seconds.prove,
      verify: seconds.verify,
      total: total(),
    },
    proofBytes: proofBytes(sold.bundle),
    second:
      refund === null
        ? null
        : {
            proofSystem: "groth16",
            rows: REFUNDED_ROWS,
            constraints: refund.constraints,
            proofBytes: refund.proofBytes,
            seconds: {
              compile: seconds.refundedCompile,
              setup: seconds.refundedSetup,
              prove: seconds.refundedProve,
              verify: seconds.refundedVerify,
            },
          },
    gas: {
      deploy: Number(deploymentGas),
      offer: Number(sold.gas.offer),
      fund: Number(sold.gas.fund),
      redeem: Number(sold.gas.redeem),
      refund: refund === null ? null : Number(refund.gas),
    },
    balances: {
      seller: { before: before.seller.toString(), after: after.seller.toString() },
      buyer: { before: before.buyer.toString(), after: after.buyer.toString() },
    },
    refused,
    refunded: refund !== null,
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
