import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { forward, isRight } from "@zkcmp/network/inference";
import { createTestSet } from "@zkcmp/network/testset";
import { ThresholdError } from "@zkcmp/sale/witness-check";
import { expect } from "chai";
import fc from "fast-check";
import { publicSignals } from "../src/public-statement.ts";
import { SALE_PUBLIC_INPUTS } from "../src/public-signals.ts";
import { saleCircuit } from "../src/sale-circuit.ts";
import { packSlots, saleCircuitInput } from "../src/sale-witness.ts";
import { networksOf, rightRows, saleFixture, saleShapes, testSetsFor } from "./sale-fixture.ts";

const sales = saleShapes
  .chain((shape) => networksOf(shape))
  .chain((network) =>
    fc.tuple(
      fc.constant(network),
      fc.integer({ min: 1, max: 40 }).chain((n) => testSetsFor(network, n)),
    ),
  );

const signed = (value: bigint) => (value > FIELD_ORDER / 2n ? value - FIELD_ORDER : value);

describe("sale-witness", function () {
  this.timeout(60_000);
  it("packs slots as the sum of values times powers of two", () => {
    const cases = fc.integer({ min: 2, max: 253 }).chain((slotBits) => {
      const limit = 2n ** BigInt(slotBits - 1);
      return fc.tuple(fc.constant(slotBits), fc.array(fc.bigInt({ min: -limit, max: limit - 1n }), { maxLength: 20 }));
    });
    fc.assert(
      fc.property(cases, ([slotBits, values]) => {
        const perWord = Math.floor(253 / slotBits);
        const words = Math.ceil(values.length / perWord);
        const expected = Array.from({ length: words }, (_, w) =>
          reduce(
            values
              .slice(w * perWord, (w + 1) * perWord)
              .reduce((sum, value, j) => sum + value * 2n ** BigInt(slotBits * j), 0n),
          ),
        );
        expect(packSlots(values, { magnitudeBits: slotBits - 1, slotBits, words })).to.deep.equal(expected);
      }),
    );
  });

  it("takes the integers of the plain inference", async () => {
    await fc.assert(
      fc.asyncProperty(sales, async ([network, testSet]) => {
        const circuit = saleCircuit(network.shape, testSet.rows.length);
        const { statement, witness } = await saleFixture(network, testSet);
        const { input, challenge } = saleCircuitInput(circuit, statement, witness);
        const hidden = input.hidden as bigint[][];
        const outputs = input.outputs as bigint[][];
        testSet.rows.forEach((row, i) => {
          const layers = forward(network, row).map(({ z }) => z);
          expect([...hidden[i]!, ...outputs[i]!].map(signed)).to.deep.equal(layers.flat());
          const label = testSet.labels[i]!;
          const right = isRight(layers.at(-1)!, label);
          expect((input.right as bigint[])[i]).to.equal(right ? 1n : 0n);
          const ceiling = signed((input.ceiling as bigint[])[i]!);
          if (right) expect(ceiling).to.equal(layers.at(-1)![label]);
          else expect(layers.at(-1)!.every((y, j) => ceiling >= y + (j < label ? 1n : 0n))).to.be.true;
          expect((input.oneHot as bigint[][])[i]!.map(Number)).to.deep.equal(
            outputs[i]!.map((_, j) => (j === label ? 1 : 0)),
          );
        });
        expect(SALE_PUBLIC_INPUTS.flatMap((name) => input[name] as bigint[])).to.deep.equal(
          publicSignals(circuit, statement, challenge).slice(1),
        );
        expect(
          Object.values(input)
            .flat(2)
            .every((value) => (value as bigint) >= 0n && (value as bigint) < FIELD_ORDER),
        ).to.be.true;
      }),
      { numRuns: 25 },
    );
  });

  it("hashes keys, statement and every value into the challenge", async () => {
    const [[network, testSet]] = fc.sample(
      sales.filter(([drawn, set]) => set.rows.length > 3 && rightRows(drawn, set) > 2),
      { numRuns: 1, seed: 3 },
    ) as [[Parameters<typeof saleFixture>[0], Parameters<typeof saleFixture>[1]]];
    const circuit = saleCircuit(network.shape, testSet.rows.length);
    const { statement, witness } = await saleFixture(network, testSet, 1);
    const challengeOf = (changed: Partial<typeof statement>, secrets = witness.secrets) =>
      saleCircuitInput(circuit, { ...statement, ...changed }, { network, secrets }).challenge;
    const { core } = statement;
    const challenges = [
      challengeOf({}),
      challengeOf({ coreDigest: reduce(1n) }),
      challengeOf({ dealId: reduce(1n) }),
      challengeOf({ rowsDigest: reduce(1n) }),
      challengeOf({ core: { ...core, keyCommitment: reduce(1n) } }),
      challengeOf({ core: { ...core, bindingCommitment: reduce(1n) } }),
      challengeOf({}, { ...witness.secrets, key: reduce(1n) }),
      challengeOf({}, { ...witness.secrets, secret: reduce(1n) }),
      // Other rows have other pre-activations.
      challengeOf({
        provenRows: createTestSet({ ...testSet, rows: testSet.rows.map((row) => row.map((value) => value ^ 1)) }),
        threshold: 1,
      }),
    ];
    expect(new Set(challenges).size).to.equal(challenges.length);
    expect(challengeOf({})).to.equal(challenges[0]);
  });

  it("refuses a network that misses the threshold, and does not tell by how much", async () => {
    await fc.assert(
      fc.asyncProperty(sales, async ([network, testSet]) => {
        const count = rightRows(network, testSet);
        fc.pre(count < testSet.rows.length);
        const circuit = saleCircuit(network.shape, testSet.rows.length);
        const { statement, witness } = await saleFixture(network, testSet, count + 1);
        expect(() => saleCircuitInput(circuit, statement, witness)).to.throw(
          ThresholdError,
          `right on fewer than ${count + 1} of the ${testSet.rows.length} rows`,
        );
      }),
      { numRuns: 25 },
    );
  });
});
