import { expect } from "chai";
import { FIELD_ORDER } from "@zkcmp/field/element";
import {
  deployWorld,
  ethers,
  goodValues,
  networkHelpers,
  nextTimestamp,
  openRound,
  proofOf,
  registeredRound,
  registerProvider,
  resultOf,
  SHAPE,
  signalsOf,
  standardWorld,
  State,
  storedRound,
  type RoundResult,
  type RoundWorld,
} from "./fixture.ts";
import { proveWithTrapdoor, type Words8 } from "./trapdoor-key.ts";

async function twoProviders(): Promise<RoundWorld> {
  return registeredRound(await standardWorld(), 2);
}

/** Two providers, and registration is over. */
async function readyRound(): Promise<RoundWorld> {
  const round = await twoProviders();
  await networkHelpers.time.increaseTo(round.terms.registrationUntil + 1n);
  return round;
}

function digestOf({ values, modelCommitment, loss }: RoundResult): string {
  const types = ["int64[]", "uint256", "uint256"];
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(types, [values, modelCommitment, loss]));
}

describe("ShapleyRewards, submit", () => {
  it("takes a proof from anyone and stores its digest and the sum of weights", async () => {
    const round = await networkHelpers.loadFixture(readyRound);
    const { rewards, roundId, stranger, slack } = round;
    const values = [5_000n * slack, -7n];
    const result = resultOf(values);
    await expect(rewards.connect(stranger).submit(roundId, await proofOf(round, result), result))
      .to.emit(rewards, "Submitted")
      .withArgs(roundId, result.modelCommitment, result.loss, values, 5_000n * slack, false);
    const stored = await storedRound(round);
    expect(stored["state"]).to.equal(State.Submitted);
    expect(stored["totalWeight"]).to.equal(5_000n * slack);
    expect(stored["resultDigest"]).to.equal(digestOf(result));
  });

  for (const providers of [1, 4, 5, 8, 9, 12]) {
    it(`takes the values of ${providers} providers`, async () => {
      const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), providers);
      await networkHelpers.time.increaseTo(round.terms.registrationUntil + 1n);
      const extremes = [2n ** 61n - 1n, -(2n ** 61n), 0n, -1n, 1n];
      const result = resultOf(Array.from({ length: providers }, (_, index) => extremes[index % extremes.length]!));
      await round.rewards.submit(round.roundId, await proofOf(round, result), result);
      const total = result.values.reduce((sum, value) => (value > 0n ? sum + value : sum), 0n);
      expect((await round.rewards.round(round.roundId)).totalWeight).to.equal(total);
      expect((await round.rewards.round(round.roundId)).resultDigest).to.equal(digestOf(result));
    });
  }

  it("is final: neither the same nor another proof is taken afterwards", async () => {
    const round = await networkHelpers.loadFixture(readyRound);
    const { rewards, roundId } = round;
    const first = resultOf(goodValues(round));
    const second = resultOf([1n, 10_000n * round.slack]);
    await rewards.submit(roundId, await proofOf(round, first), first);
    for (const [result, seed] of [[first, "proof"] as const, [first, "other"] as const, [second, "proof"] as const]) {
      await expect(rewards.submit(roundId, await proofOf(round, result, seed), result))
        .to.be.revertedWithCustomError(rewards, "WrongState")
        .withArgs(roundId, State.Submitted);
    }
  });

  it("needs one value for each provider", async () => {
    const round = await networkHelpers.loadFixture(readyRound);
    const { rewards, roundId } = round;
    for (const count of [0, 1, 3, 12, 13]) {
      const result = resultOf(goodValues(round, count));
      const proof = await proofOf(round, { ...result, values: result.values.slice(0, 12) });
      await expect(rewards.submit(roundId, proof, result))
        .to.be.revertedWithCustomError(rewards, "WrongNumberOfValues")
        .withArgs(roundId, BigInt(count), 2n);
    }
  });

  for (const [value, good] of [
    [2n ** 61n - 1n, true],
    [2n ** 61n, false],
    [2n ** 63n - 1n, false],
    [-(2n ** 61n), true],
    [-(2n ** 61n) - 1n, false],
    [-(2n ** 63n), false],
  ] as const) {
    it(`${good ? "takes" : "refuses"} the value ${value}`, async () => {
      const round = await networkHelpers.loadFixture(readyRound);
      const { rewards, roundId } = round;
      const result = resultOf([1n, value]);
      if (good) {
        await rewards.submit(roundId, await proofOf(round, result), result);
        return;
      }
      const proof = await proofOf(round, resultOf([1n, 1n]));
      await expect(rewards.submit(roundId, proof, result))
        .to.be.revertedWithCustomError(rewards, "ValueOutOfRange")
        .withArgs(1n, value);
    });
  }

  it("refuses words that are no 64-bit integers", async () => {
    const round = await networkHelpers.loadFixture(readyRound);
    const { rewards, roundId } = round;
    const result = resultOf([0x1234_5678n, 1n]);
    const proof = await proofOf(round, result);
    const data = rewards.interface.encodeFunctionData("submit", [roundId, proof, result]);
    const word = ethers.toBeHex(0x1234_5678n, 32).slice(2);
    expect(data.split(word)).to.have.length(2);
    const dirty = data.replace(word, ethers.toBeHex(2n ** 64n + 0x1234_5678n, 32).slice(2));
    await expect(round.stranger.sendTransaction({ to: await rewards.getAddress(), data: dirty })).to.revert(ethers);
    await round.stranger.sendTransaction({ to: await rewards.getAddress(), data });
  });

  it("refuses a proof of another result", async () => {
    const round = await networkHelpers.loadFixture(readyRound);
    const { rewards, roundId } = round;
    const result = resultOf(goodValues(round));
    const proof = await proofOf(round, result);
    const [first, second] = result.values as [bigint, bigint];
    const others: Partial<RoundResult>[] = [
      { values: [first + 1n, second] },
      { values: [first, second - 1n] },
      { values: [second, first] },
      { values: [-first, second] },
      { modelCommitment: result.modelCommitment + 1n },
      { modelCommitment: result.modelCommitment + FIELD_ORDER },
      { loss: result.loss + 1n },
      { loss: result.loss + FIELD_ORDER },
    ];
    for (const change of others) {
      await expect(rewards.submit(roundId, proof, { ...result, ...change }))
        .to.be.revertedWithCustomError(rewards, "InvalidProof")
        .withArgs(roundId);
    }
    await rewards.submit(roundId, proof, result);
  });

  it("takes every public signal from the round", async () => {
    const round = await networkHelpers.loadFixture(readyRound);
    const { rewards, roundId } = round;
    const result = resultOf(goodValues(round));
    const signals = signalsOf(round, result);
    for (let index = 0; index < 8; index++) {
      for (const difference of [1n, -1n, 2n ** 6n, 2n ** 10n, 2n ** 62n]) {
        const other = [...signals];
        other[index] = (signals[index]! + difference + FIELD_ORDER) % FIELD_ORDER;
        await expect(rewards.submit(roundId, await proveWithTrapdoor(other), result)).to.be.revertedWithCustomError(
          rewards,
          "InvalidProof",
        );
      }
    }
  });

  it("refuses a proof for fewer or more providers, or for providers in another order", async () => {
    const round = await networkHelpers.loadFixture(readyRound);
    const { rewards, roundId, entries } = round;
    const result = resultOf(goodValues(round));
    const [first, second] = entries;
    for (const other of [[first!], [second!, first!], [first!, second!, second!], [first!, first!]]) {
      const proof = await proofOf({ ...round, entries: other }, result);
      await expect(rewards.submit(roundId, proof, result)).to.be.revertedWithCustomError(rewards, "InvalidProof");
    }
  });

  it("refuses a proof of another round, of another owner's round, and of another contract's", async () => {
    const round = await networkHelpers.loadFixture(twoProviders);
    const { rewards, roundId } = round;
    const result = resultOf(goodValues(round));
    const sibling = await openRound(round, { ...round.terms, salt: ethers.id("sibling") });
    const copy = await openRound({ ...round, owner: round.stranger }, round.terms);
    const elsewhere = await openRound({ ...round, rewards: (await deployWorld()).rewards }, round.terms);
    for (const other of [sibling, copy, elsewhere]) {
      expect(other.roundId).not.to.equal(roundId);
      for (const provider of round.providers.slice(0, 2)) await registerProvider(other, provider);
    }
    await nextTimestamp(round.terms.registrationUntil + 1n);
    for (const other of [sibling, copy, elsewhere]) {
      const proof = await proofOf(other, result);
      await expect(rewards.submit(roundId, proof, result)).to.be.revertedWithCustomError(rewards, "InvalidProof");
      await other.rewards.submit(other.roundId, proof, result);
    }
  });

  it("has another id on another chain, so that a proof from there is refused", async () => {
    const round = await networkHelpers.loadFixture(readyRound);
    const { rewards, owner, terms } = round;
    const encoded = ethers.AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "uint256", "address", "address", "tuple(address,uint256,bytes32,uint8,uint64,uint64,uint64,bytes32)"],
      [ethers.id("zkcmp/round/v1"), 1n, await rewards.getAddress(), owner.address, Object.values(terms)],
    );
    const onMainnet = { ...round, roundId: BigInt(ethers.keccak256(encoded)) % 2n ** 160n };
    const result = resultOf(goodValues(round));
    const proof = await proofOf(onMainnet, result);
    await expect(rewards.submit(round.roundId, proof, result)).to.be.revertedWithCustomError(rewards, "InvalidProof");
  });

  it("refuses garbage in the place of a proof", async () => {
    const round = await networkHelpers.loadFixture(readyRound);
    const { rewards, roundId } = round;
    const result = resultOf(goodValues(round));
    const proof = await proofOf(round, result);
    const garbage: Words8[] = [
      [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
      [1n, 2n, 0n, 0n, 0n, 0n, 1n, 2n],
      [...proof.slice(0, 7), proof[7] + 1n] as Words8,
      [2n ** 256n - 1n, ...proof.slice(1)] as Words8,
    ];
    for (const wrong of garbage) {
      await expect(rewards.submit(roundId, wrong, result)).to.be.revertedWithCustomError(rewards, "InvalidProof");
    }
  });

  for (const [text, sum, equal] of [
    ["1,000 times the slack", (slack: bigint) => 1_000n * slack, false],
    ["one less", (slack: bigint) => 1_000n * slack - 1n, true],
    ["one more", (slack: bigint) => 1_000n * slack + 1n, false],
    ["1", () => 1n, true],
    ["0", () => 0n, true],
  ] as const) {
    it(`splits ${equal ? "equally" : "by values"} if the positive ones add up to ${text}`, async () => {
      const round = await networkHelpers.loadFixture(readyRound);
      const { rewards, roundId, slack } = round;
      const half = sum(slack) / 2n;
      const result = resultOf([half, sum(slack) - half]);
      const weight = equal ? 2n : sum(slack);
      await expect(rewards.submit(roundId, await proofOf(round, result), result))
        .to.emit(rewards, "Submitted")
        .withArgs(roundId, result.modelCommitment, result.loss, result.values, weight, equal);
      const stored = await rewards.round(roundId);
      expect(stored.state).to.equal(equal ? State.Equal : State.Submitted);
      expect(stored.totalWeight).to.equal(weight);
      expect(stored.resultDigest).to.equal(digestOf(result));
    });
  }

  it("does not let negative values lower the sum", async () => {
    const round = await networkHelpers.loadFixture(readyRound);
    const { rewards, roundId, slack } = round;
    const result = resultOf([1_000n * slack, -(2n ** 61n)]);
    await rewards.submit(roundId, await proofOf(round, result), result);
    expect((await rewards.round(roundId)).state).to.equal(State.Submitted);
  });

  for (const values of [
    [0n, 0n],
    [-1n, -(2n ** 61n)],
    [0n, -5n],
  ]) {
    it(`splits equally if the values are ${values.join(" and ")}`, async () => {
      const round = await networkHelpers.loadFixture(readyRound);
      const result = resultOf(values);
      await round.rewards.submit(round.roundId, await proofOf(round, result), result);
      expect((await round.rewards.round(round.roundId)).state).to.equal(State.Equal);
    });
  }

  it("writes as many words for one provider as for twelve", async () => {
    const written: number[] = [];
    for (const count of [1, SHAPE.providers]) {
      const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), count);
      const result = resultOf(goodValues(round));
      const proof = await proofOf(round, result);
      await nextTimestamp(round.terms.registrationUntil + 1n);
      const { hash } = await round.rewards.submit(round.roundId, proof, result);
      const trace = await ethers.provider.send("debug_traceTransaction", [hash, { disableMemory: true }]);
      written.push(trace.structLogs.filter(({ op }: { op: string }) => op === "SSTORE").length);
    }
    expect(written).to.deep.equal([3, 3]);
  });
});
