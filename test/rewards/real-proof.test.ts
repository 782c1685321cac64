import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { bytesToInteger, toFieldElement } from "@zkcmp/field/element";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { proveCircuit } from "@zkcmp/groth16/circuit-proof";
import { endCurve } from "@zkcmp/groth16/curve";
import { g1ToBigEndian, g2ToBigEndian } from "@zkcmp/groth16/points";
import { encodeProof } from "@zkcmp/groth16/proof";
import { findTrustedKey } from "@zkcmp/groth16/trust-store";
import { rewardOf, weightsOf } from "@zkcmp/shapley/rewards";
import { roundCircuit } from "@zkcmp/shapley/round-circuit";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import { type RoundInput, solveRound } from "@zkcmp/shapley/round-solution";
import { roundCircuitInput } from "@zkcmp/shapley/round-witness";
import { commitSamples, commitValidation } from "@zkcmp/shapley/sample-commitment";
import type { Samples } from "@zkcmp/shapley/samples";
import {
  deployRewards,
  ethers,
  fundRound,
  nextTimestamp,
  openRound,
  POOL,
  signReceipt,
  standardWorld,
  State,
  stateOf,
  type RoundResult,
  type RoundWorld,
} from "./fixture.ts";
import type { KeyWords, Words8 } from "./trapdoor-key.ts";

/** One round with the real circuit: its key in the verifier, rows, commitments, witness, proof, submission and claims. */

const SHAPE: RoundShape = {
  providers: 3,
  rows: 8,
  features: 1,
  outputs: 1,
  dataBits: 8,
  fractionBits: 36,
  integerBits: 6,
  validationRows: 8,
};
const RIDGE_BITS = 12;

const wordsOf = (bytes: Uint8Array): bigint[] =>
  Array.from({ length: bytes.length / 32 }, (_, i) => bytesToInteger(bytes.subarray(32 * i, 32 * (i + 1))));

/** Rows of y = slope x with some scatter. */
function samples(rows: number, slope: number): Samples {
  return {
    rows: Array.from({ length: rows }, (_, i) => {
      const x = ((i * 67 + 31) % 200) - 100;
      return Uint16Array.of(128 + x, 128 + slope * x + (i % 3));
    }),
  };
}

describe("ShapleyRewards, with the real circuit", function () {
  this.timeout(300_000);

  const rowsOf = [samples(8, 1), samples(3, 1), samples(4, -1)];
  let folder: string;
  let round: RoundWorld;
  let input: RoundInput;
  let result: RoundResult;
  let signals: Words8;
  let proof: Words8;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-rewards-"));
    const circuit = roundCircuit(SHAPE);
    const trustStore = join(folder, "trusted-keys.json");
    const key = await developmentKey(circuit, trustStore);
    const { verificationKey } = await findTrustedKey(trustStore, key.zkeySha256.slice(2), { development: true });
    const words = {
      alpha: wordsOf(g1ToBigEndian(verificationKey.alpha)),
      beta: wordsOf(g2ToBigEndian(verificationKey.beta)),
      gamma: wordsOf(g2ToBigEndian(verificationKey.gamma)),
      delta: wordsOf(g2ToBigEndian(verificationKey.delta)),
      ic: verificationKey.ic.map((point) => wordsOf(g1ToBigEndian(point))),
    } as unknown as KeyWords;
    const world = await standardWorld();
    const verifier = await ethers.deployContract("RewardsVerifier", [words as never]);
    const rewards = await deployRewards(verifier, SHAPE);

    const validation = { salt: toFieldElement(3n), samples: samples(8, 1) };
    const validationCommitment = commitValidation(SHAPE, validation);
    round = await openRound({ ...world, verifier, rewards }, { ridgeBits: RIDGE_BITS, validationCommitment });
    const { roundId, owner } = round;
    const providers = rowsOf.map((rows, index) => {
      const payee = BigInt(round.providers[index]!.address);
      return { payee, salt: toFieldElement(BigInt(index + 10)), samples: rows };
    });
    for (const [index, provider] of providers.entries()) {
      const account = round.providers[index]!;
      const commitment = commitSamples(SHAPE, { roundId, ...provider });
      const receipt = await signReceipt(round, owner, account.address, commitment);
      await rewards.connect(account).register(roundId, commitment, receipt);
    }
    await fundRound(round);

    input = { roundId, ridgeBits: RIDGE_BITS, validation, providers, modelSalt: toFieldElement(4n) };
    const solution = solveRound(SHAPE, input);
    const proven = await proveCircuit({ circuit, key, trustStore, development: true }, { zkeyPath: key.zkeyPath }, () =>
      roundCircuitInput(SHAPE, input, solution),
    );
    signals = [...proven.publicSignals] as readonly bigint[] as Words8;
    expect(signals).to.deep.equal([...solution.publicSignals]);
    proof = wordsOf(encodeProof(proven.proof)) as Words8;
    const { modelCommitment, loss } = solution;
    result = { values: [...solution.values], modelCommitment, loss };
  });

  after(async () => {
    await endCurve();
    await rm(folder, { recursive: true });
  });

  it("takes its proof, and not one with a changed signal", async () => {
    const { verifier } = round;
    expect(await verifier.verify(proof, signals)).to.equal(true);
    for (let index = 0; index < 8; index++) {
      const other: Words8 = [...signals];
      other[index] = signals[index]! ^ 1n;
      expect(await verifier.verify(proof, other)).to.equal(false);
    }
  });

  it("submits it, and pays each provider what the packages compute", async () => {
    const { rewards, roundId, terms, slack, providers } = round;
    await nextTimestamp(terms.registrationUntil + 1n);
    await expect(
      rewards.submit(roundId, proof, { ...result, values: result.values.map((value) => value + 1n) }),
    ).to.be.revertedWithCustomError(rewards, "InvalidProof");
    await rewards.submit(roundId, proof, result);
    expect(await stateOf(round)).to.equal(State.Submitted);

    const weights = weightsOf(result.values, slack);
    expect(result.values[2]! < 0n).to.equal(true, "rows that teach the wrong thing are worth less than nothing");
    for (const index of [0, 1]) {
      await expect(rewards.claimFor(roundId, result, providers[index]!)).to.changeEtherBalance(
        ethers,
        providers[index]!,
        rewardOf(POOL, weights, index),
      );
    }
    await expect(rewards.claimFor(roundId, result, providers[2]!)).to.be.revertedWithCustomError(
      rewards,
      "NothingToClaim",
    );
  });
});
