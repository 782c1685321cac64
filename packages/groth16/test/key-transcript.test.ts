import { expect } from "chai";
import { join } from "node:path";
import { InvalidTranscriptError } from "../src/ceremony.ts";
import { endCurve, sharedCurve } from "../src/curve.ts";
import { checkKeyTranscript } from "../src/key-transcript.ts";
import { contributePhaseOne, newPhaseOne, preparePhaseOne } from "../src/phase-one.ts";
import { contributeKey, newKey } from "../src/phase-two.ts";
import { G2_GENERATOR, PointError, negateG1 } from "../src/points.ts";
import { type KeyContribution, type ProvingKey, readProvingKey } from "../src/proving-key.ts";
import { TWIST_POINT_OUTSIDE_SUBGROUP, compileToy, errorOf, removeFolder, temporaryFolder } from "./toy.ts";

describe("key-transcript", function () {
  this.timeout(60_000);
  let folder: string;
  let key: ProvingKey;
  const path = (name: string) => join(folder, name);
  const check = async (changed: ProvingKey) => checkKeyTranscript(await sharedCurve(), "the key", changed);
  const withContribution = (i: number, change: Partial<KeyContribution>): ProvingKey => ({
    ...key,
    contributions: key.contributions.with(i, { ...(key.contributions[i] as KeyContribution), ...change }),
  });

  before(async () => {
    folder = await temporaryFolder();
    const { r1csPath: r1cs } = await compileToy("cubic");
    await newPhaseOne(path("0.ptau"), 2);
    await contributePhaseOne(path("0.ptau"), path("1.ptau"), "one");
    await preparePhaseOne(path("1.ptau"), path("2.ptau"));
    await newKey({ r1cs, ptau: path("2.ptau"), zkey: path("0.zkey") });
    await contributeKey(path("0.zkey"), path("1.zkey"), "seller");
    await contributeKey(path("1.zkey"), path("2.zkey"), "buyer");
    key = await readProvingKey(path("2.zkey"));
  });
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  it("accepts the chain that snarkjs writes", async () => {
    expect(key.contributions.map(({ name }) => name)).to.deep.equal(["seller", "buyer"]);
    await check(key);
  });

  it("accepts delta = 1 for a key without contributions only", async () => {
    await check(await readProvingKey(path("0.zkey")));
    expect(await errorOf(check({ ...key, contributions: [] }))).to.be.instanceOf(InvalidTranscriptError);
  });

  it("refuses a chain of another circuit, cut, or turned round", async () => {
    const cases = [
      { ...key, circuitHash: Uint8Array.from(key.circuitHash, (byte, i) => (i === 0 ? byte ^ 1 : byte)) },
      { ...key, contributions: key.contributions.slice(1) },
      { ...key, contributions: [...key.contributions].reverse() },
      { ...key, contributions: [...key.contributions, ...key.contributions.slice(1)] },
    ];
    for (const changed of cases) expect((await errorOf(check(changed))).message).to.include("does not continue");
    const shorter = { ...key, contributions: key.contributions.slice(0, 1) };
    expect((await errorOf(check(shorter))).message).to.include("its delta is not that of its last contribution");
  });

  it("refuses a contribution whose party knows no secret, or that multiplied delta by another one", async () => {
    const [first, second] = key.contributions as [KeyContribution, KeyContribution];
    const cases = [
      [0, { spx: second.spx }, "knows no secret"],
      [1, { spx: G2_GENERATOR }, "knows no secret"],
      [0, { deltaAfter: first.s }, "another factor"],
      [1, { deltaAfter: first.deltaAfter }, "another factor"],
      [1, { deltaAfter: negateG1(second.deltaAfter) }, "another factor"],
      [0, { s: second.s }, "does not continue"],
      [1, { sx: first.sx }, "does not continue"],
      [1, { transcript: first.transcript }, "does not continue"],
    ] as const;
    for (const [i, change, message] of cases) {
      const error = await errorOf(check(withContribution(i, change)));
      expect(error).to.be.instanceOf(InvalidTranscriptError);
      expect(error.message)
        .to.include(message)
        .and.to.include(`contribution ${i + 1}`);
    }
  });

  it("refuses points outside their groups", async () => {
    for (const change of [
      { spx: TWIST_POINT_OUTSIDE_SUBGROUP },
      { s: { x: 0n, y: 0n } },
      { deltaAfter: { x: 1n, y: 1n } },
    ]) {
      expect(await errorOf(check(withContribution(0, change)))).to.be.instanceOf(PointError);
    }
  });
});
