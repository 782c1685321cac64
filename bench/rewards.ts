import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileNamedCircuit } from "@zkcmp/groth16/circuit-compilation";
import { readR1cs } from "@zkcmp/groth16/r1cs";
import { SHAPLEY_ROUND_TARGETS, TRAINING_TARGETS } from "@zkcmp/shapley/public-signals";
import { roundCircuit } from "@zkcmp/shapley/round-circuit";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import type { ContractTransactionResponse } from "ethers";
import {
  fundRound,
  goodValues,
  networkHelpers,
  nextTimestamp,
  proofOf,
  registeredRound,
  resultOf,
  type RoundWorld,
  standardWorld,
  submitRound,
} from "../test/rewards/fixture.ts";
import { targetShape } from "./example-round.ts";
import { type Measure, type Measured, spread, timed } from "./figure.ts";
import { keyedRound } from "./keyed-round.ts";
import { describeMemory, measuredProcess } from "./measured-process.ts";

const SEED = targetShape(TRAINING_TARGETS, "seed");

function constraintMeasure(id: string, bar: number, shape: RoundShape, note: string): Measure {
  const run = async (): Promise<Measured[]> => {
    const { r1csPath } = await compileNamedCircuit(roundCircuit(shape));
    return [{ id, value: (await readR1cs(r1csPath)).constraintCount, unit: "constraints", bar, note }];
  };
  return { ids: [id], run };
}

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<number> {
  return Number((await (await sent).wait())!.gasUsed);
}

function gasMeasure(id: string, bar: number, note: string, measure: () => Promise<number>): Measure {
  return { ids: [id], run: async (): Promise<Measured[]> => [{ id, value: await measure(), unit: "gas", bar, note }] };
}

/** Half of the values are negative: those cost the most as calldata. */
function mixedValues(round: RoundWorld): bigint[] {
  return goodValues(round).map((value, index) => (index % 2 === 0 ? value * 17n : -value));
}

async function claimGas(isToken: boolean): Promise<number> {
  const world = await networkHelpers.loadFixture(standardWorld);
  const { token } = world;
  const round = await registeredRound(world, 10, isToken ? { token: await token.getAddress() } : {});
  await fundRound(round);
  const result = await submitRound(round, mixedValues(round));
  const provider = round.providers[0]!;
  // An account without tokens pays the most for its first.
  await token.connect(provider).transfer(world.owner, await token.balanceOf(provider));
  return gasOf(round.rewards.connect(provider).claim(round.roundId, result, provider));
}

export const rewardsMeasures: readonly Measure[] = [
  constraintMeasure("rewards.seed.constraints", 5_500, SEED, "compiled; 100 rows of 16 bits, d = 2 with the intercept"),
  {
    ids: ["rewards.seed.prove", "rewards.seed.verify"],
    run: async () => {
      const folder = await mkdtemp(join(tmpdir(), "zkcmp-bench-"));
      try {
        const { name, prove, verify } = await keyedRound(SEED, join(folder, "trusted-keys.json"));
        const proof = await prove();
        await verify(proof);
        const proving = spread(await timed(7, prove));
        const verifying = spread(await timed(20, () => verify(proof)));
        const seed = (value: number, own: number) => ({
          peer: { name: "zkml-training-shapley, as it reports", version: "seed document", value },
          ratio: value / own,
        });
        const note = `${name}, in process, warm`;
        return [
          {
            ...{ id: "rewards.seed.prove", unit: "s" as const, bar: 1, ...proving, ...seed(15.3, proving.value) },
            note: `${note}; training and witness included`,
          },
          { id: "rewards.seed.verify", unit: "s", bar: 0.03, ...verifying, ...seed(0.5, verifying.value), note },
        ];
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
  constraintMeasure(
    "rewards.constraints.10x40.d2",
    210_000,
    targetShape(SHAPLEY_ROUND_TARGETS, "10x40"),
    "compiled; exact Shapley values, f = 24, 100 validation rows",
  ),
  constraintMeasure(
    "rewards.constraints.8x40.d4",
    140_000,
    targetShape(SHAPLEY_ROUND_TARGETS, "8x40"),
    "compiled; exact Shapley values, f = 24, 100 validation rows",
  ),
  {
    ids: ["rewards.prove.12x20.d2"],
    run: async () => {
      const { result, peakMemory } = await measuredProcess<{ seconds: number }>("prove-largest.ts", []);
      const memory = describeMemory(peakMemory);
      const note = `warm, training and witness included; peak memory ${memory}, bar 8 GiB; compiling and setup count too if build/ lacked them`;
      return [{ id: "rewards.prove.12x20.d2", value: result.seconds, unit: "s", bar: null, note }];
    },
  },
  gasMeasure("rewards.gas.submit", 330_000, "whole transaction, 10 providers, proof verified on chain", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 10);
    const result = resultOf(mixedValues(round));
    const proof = await proofOf(round, result);
    await nextTimestamp(round.terms.registrationUntil + 1n);
    return gasOf(round.rewards.connect(round.owner).submit(round.roundId, proof, result));
  }),
  gasMeasure("rewards.gas.claim.eth", 75_000, "whole transaction, first claim of one of 10 providers", () =>
    claimGas(false),
  ),
  gasMeasure("rewards.gas.claim.erc20", 95_000, "whole transaction, first claim, to an account without tokens", () =>
    claimGas(true),
  ),
];
