import { mkdtemp, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { forwardReward } from "@zkcmp/chain/rounds/forward";
import type { ProvenRound } from "@zkcmp/chain/rounds/prove";
import { settleRound } from "@zkcmp/chain/rounds/settle";
import { roundStatus } from "@zkcmp/chain/rounds/round-status";
import { submitRound } from "@zkcmp/chain/rounds/submit";
import { chartSvg } from "@zkcmp/chain/rounds/bar-chart";
import { chartLines } from "@zkcmp/cli/bar-chart";
import { roundChart } from "@zkcmp/chain/rounds/round-chart";
import { equalWeights, rewardOf } from "@zkcmp/shapley/rewards";
import { roundConstraints } from "@zkcmp/shapley/round-circuit";
import { formatEther, parseEther } from "ethers";
import type { Refusal } from "./cheating.ts";
import { type ModelSale, sellModel } from "./model-sale.ts";
import { type Narration, percent } from "./narration.ts";
import {
  accept,
  claim,
  fund,
  open,
  openRoundWorld,
  prove,
  register,
  type RoundWorld,
  waitUntilAfter,
} from "./round.ts";
import { refusedClaims, refusedRegistrations, refusedReplay, refusedSubmissions } from "./round-cheating.ts";
import type { RoundScenario } from "./round-scenario.ts";

/** One provider at the end of the demo, amounts in wei. */
export interface ProviderOutcome {
  readonly name: string;
  readonly note: string;
  readonly rows: number;
  readonly value: bigint;
  readonly reward: bigint;
}

/** How a rewards demo ended; amounts in wei. */
export interface RewardsOutcome {
  readonly ok: boolean;
  readonly providers: readonly ProviderOutcome[];
  readonly pool: bigint;
  readonly dust: bigint;
  /** J, in units of 2^-2f squared digits. */
  readonly loss: bigint;
  readonly constraints: number;
  readonly sale: ModelSale;
  /** What each provider of the round without a proof was paid. */
  readonly equalShare: bigint;
  readonly gas: Readonly<Record<string, bigint>>;
  readonly refused: readonly Refusal[];
  /** The table of providers and the chart, for a terminal. */
  readonly lines: readonly string[];
}

export interface RewardsDemoOptions {
  readonly scenario: RoundScenario;
  readonly narration: Narration;
  /** Where the chart goes. */
  readonly svgPath: string;
}

const POOL = parseEther("2");
const PRICE = parseEther("1");

/** A round from registration to claims, the sale of its model, a round without a proof, and what is refused on the way. */
export async function runRewards({ scenario, narration, svgPath }: RewardsDemoOptions): Promise<RewardsOutcome> {
  const { say } = narration;
  const home = await mkdtemp(join(tmpdir(), "zkcmp-rewards-"));
  const constraints = roundConstraints(scenario.shape).total;
  const { ridgeBits } = scenario;
  say(`data: ${scenario.name}`);
  for (const { name, note, samples } of scenario.providers) {
    say(`  ${name}: ${samples.rows.length} rows${note === "" ? "" : ` (${note})`}`);
  }
  say(
    `circuit for exact Shapley values of ${scenario.shape.providers} providers: ${constraints} constraints, ridge 2^${ridgeBits}`,
  );
  const world = await openRoundWorld(home, scenario, (step, done) => {
    if (step === "setup" && done === 0) say("circuit compiled", "compile");
  });
  try {
    say(`development key made; rewards contract with its verifier at ${world.rewards}`, "setup");
    return await play(world, constraints, { folder: home, narration, svgPath });
  } finally {
    await world.chain.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function play(
  world: RoundWorld,
  constraints: number,
  { folder, narration, svgPath }: { readonly folder: string; readonly narration: Narration; readonly svgPath: string },
): Promise<RewardsOutcome> {
  const { say, restart } = narration;
  const { chain, owner, stranger, providers, trustStore } = world;
  const refused: Refusal[] = [];

  const { round, gas: openGas } = await open(world, "first");
  const someReceipt = await accept(world, round, providers[0]!);
  refused.push(...(await refusedRegistrations(round, stranger, someReceipt)));
  const registered: Record<"register" | "registerFor", bigint> = { register: 0n, registerFor: 0n };
  for (const provider of providers) {
    registered[provider.isRelayed ? "registerFor" : "register"] = await register(world, round, provider);
    say(
      provider.isRelayed
        ? `${provider.name}: signed a consent without having any ether; a stranger has registered it`
        : `${provider.name}: showed its rows to the owner, registered with the owner's receipt`,
    );
  }
  const fundGas = await fund(world, round, POOL);
  say(`owner: ${formatEther(POOL)} ether in the pool; registration ends`);
  await waitUntilAfter(chain, round.terms.registrationUntil);

  restart();
  const proven = await prove(world, round, (step) => {
    if (step === "compile") say("owner: trained on all coalitions", "train");
  });
  say("owner: training and Shapley values proven and verified", "prove");
  refused.push(...(await refusedSubmissions(round, stranger, proven.roundProof)));
  restart();
  const submitted = await submitRound(stranger, round, proven.roundProof, trustStore);
  say("a stranger: brought the proof to the contract, which verified it and fixed the values", "submit");

  let claimGas: bigint | null = null;
  let claimant = providers[0]!;
  for (const provider of providers) {
    const { amount, gas } = await claim(world, round, provider);
    say(`${provider.name}: ${amount === 0n ? "has earned nothing" : `paid ${ether(amount)} ether`}`);
    if (claimGas !== null || provider.isRelayed || gas === null) continue;
    claimGas = gas;
    claimant = provider;
  }
  refused.push(...(await refusedClaims(round, { paid: claimant, owner, stranger }, proven.roundProof)));

  const sale = await sellModel(world, round, proven, { price: PRICE, folder, narration });
  refused.push(...sale.refused);
  const { amount: forwarded, transaction: forward } = await forwardReward(stranger, round, chain.escrow, trustStore);
  say(`a stranger: forwarded the round's share of the price, ${ether(forwarded)} ether, into the pool`);
  for (const provider of providers) {
    const { amount } = await claim(world, round, provider);
    if (amount > 0n) say(`${provider.name}: claimed ${ether(amount)} ether more`);
  }

  const { equalShare, replay } = await playMissedRound(world, narration, proven);
  refused.push(replay);
  for (const { attempt, reason } of refused) say(`refused: ${attempt}: ${shortened(reason)}`);

  const status = await roundStatus(chain, round);
  const labels = world.scenario.providers.map(({ name, note }) => (note === "" ? name : `${name} (${note})`));
  const chart = roundChart(status, round.terms.token, { title: "What each provider's rows are worth", labels });
  await mkdir(dirname(svgPath), { recursive: true });
  await writeFile(svgPath, chartSvg(chart));
  const outcomes = status.providers.map(({ value, earned }, slot): ProviderOutcome => {
    const { name, note, samples } = world.scenario.providers[slot]!;
    return { name, note, rows: samples.rows.length, value: value!, reward: earned! };
  });
  const { pool } = status.stored;
  const dust = outcomes.reduce((left, { reward }) => left - reward, pool);
  const isPaid = status.providers.every(({ earned, paid }) => earned === paid);
  return {
    ok: isPaid && pool === POOL + sale.share && forwarded === sale.share && sale.measuredError <= sale.provenError,
    providers: outcomes,
    pool,
    dust,
    loss: proven.roundProof.result.loss,
    constraints,
    sale,
    equalShare,
    gas: {
      open: openGas,
      ...registered,
      fund: fundGas,
      submit: submitted.transaction!.gasUsed,
      claim: claimGas ?? 0n,
      forward: forward!.gasUsed,
      ...Object.fromEntries(Object.entries(sale.gas).map(([name, value]) => [`sale-${name}`, value])),
    },
    refused,
    lines: ["", ...tableLines(outcomes, pool), "", ...chartLines(chart), "", `The chart is also in ${svgPath}.`],
  };
}

/** A second round, in which the owner never submits. */
async function playMissedRound(
  world: RoundWorld,
  { say }: Narration,
  { roundProof }: ProvenRound,
): Promise<{ equalShare: bigint; replay: Refusal }> {
  const { chain, stranger, trustStore } = world;
  const members = world.providers.slice(0, 2);
  const { round } = await open(world, "second");
  for (const provider of members) await register(world, round, provider);
  await fund(world, round, POOL);
  await waitUntilAfter(chain, round.terms.registrationUntil);
  const replay = await refusedReplay(round, members.length, stranger, roundProof);
  await waitUntilAfter(chain, round.terms.submissionUntil);
  await settleRound(stranger, round, trustStore);
  const amounts: bigint[] = [];
  for (const provider of members) amounts.push((await claim(world, round, provider)).amount);
  const equalShare = rewardOf(POOL, equalWeights(members.length), 0);
  if (!amounts.every((amount) => amount === equalShare)) throw new Error("the second round was not split equally");
  say(`second round: no proof came in time, so each of ${members.length} providers has got ${ether(equalShare)} ether`);
  return { equalShare, replay };
}

/** The providers as a table that a README can hold. */
function tableLines(outcomes: readonly ProviderOutcome[], pool: bigint): string[] {
  const total = outcomes.reduce((sum, { value }) => (value > 0n ? sum + value : sum), 0n);
  const rows = outcomes.map(({ name, note, rows: count, value, reward }) => {
    const share = Number((1_000_000n * value) / (total === 0n ? 1n : total)) / 1e6;
    const perRow = Number(reward) / count / 1e18;
    return `| ${note === "" ? name : `${name}, ${note}`} | ${count} | ${percent(share)} | ${ether(reward)} | ${(1000 * perRow).toFixed(2)} |`;
  });
  return [
    `| provider | rows | Shapley value | reward of ${formatEther(pool)} ether | a row, in thousandths |`,
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ];
}

/** Long numbers by their first digits, for the eye. */
function shortened(text: string): string {
  return text.replace(/\b(0x[0-9a-f]{8}|[0-9]{10})[0-9a-f]{8,}/gi, "$1…");
}

/** An amount for the eye, in ether. */
function ether(amount: bigint): string {
  return Number(formatEther(amount)).toFixed(4);
}

/** The outcome under the keys that scripts rely on; integers beyond 2^53 are strings. */
export function rewardsJson(outcome: RewardsOutcome, seconds: Readonly<Record<string, number>>) {
  const { providers, pool, dust, loss, constraints, sale, gas, refused } = outcome;
  return {
    providers: providers.map(({ name, note, rows }) => ({ name, note, rows })),
    values: providers.map(({ value }) => value.toString()),
    rewards: providers.map(({ reward }) => reward.toString()),
    pool: pool.toString(),
    dust: dust.toString(),
    loss: loss.toString(),
    constraints,
    seconds,
    gas: Object.fromEntries(Object.entries(gas).map(([name, value]) => [name, Number(value)])),
    sale: {
      origin: sale.origin,
      gates: sale.gates,
      rmse: { proven: sale.provenError, rescored: sale.measuredError },
      share: sale.share.toString(),
    },
    refused,
  };
}
