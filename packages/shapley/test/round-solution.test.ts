import { FIELD_ORDER, toFieldElement } from "@zkcmp/field/element";
import { commitModel } from "@zkcmp/sale/model-commitment";
import { expect } from "chai";
import fc from "fast-check";
import { thrown } from "../../network/test/thrown.ts";
import { factorial, fixesModel, roundBounds } from "../src/bounds.ts";
import { addGrams } from "../src/gram.ts";
import { RoundInputError, solveRound, solveTraining, TrainingSlackError } from "../src/round-solution.ts";
import { commitSamples, commitValidation, contextWord, registryOf } from "../src/sample-commitment.ts";
import type { Samples } from "../src/samples.ts";
import { lossOf } from "../src/utility.ts";
import { rounds, samplesFor, shapeOf } from "./arbitrary.ts";
import { floatLoss, floatRound } from "./oracle.ts";

describe("solution of a round", () => {
  it("has the Shapley values of the definition in floating point", () => {
    fc.assert(
      fc.property(rounds(), ({ shape, input }) => {
        const { numerators } = solveRound(shape, input);
        const { samples: validation } = input.validation;
        const providers = input.providers.map(({ samples }) => samples);
        const expected = floatRound(shape, 2 ** input.ridgeBits, providers, validation);
        const unit = Number(factorial(shape.providers)) * 2 ** (2 * shape.fractionBits);
        const zero = Array.from({ length: shape.outputs }, () => new Array<number>(shape.features + 1).fill(0));
        const scale = floatLoss(shape, zero, validation) + 2 ** (2 * shape.dataBits);
        // Rounding moves a coefficient by 2^-f / 2, a prediction by d X 2^-f / 2; errors are at most X (1 + root).
        const { coefficients, halfRange } = roundBounds(shape);
        const X = Number(halfRange);
        const root = Math.sqrt((coefficients * shape.providers * shape.rows * X * X) / 2 ** (input.ridgeBits + 2));
        const moved = (coefficients * X) / 2 ** (shape.fractionBits + 1);
        const rounding = 2 * shape.outputs * validation.rows.length * moved * (2 * X * (1 + root) + moved);
        expected.forEach((value, i) => {
          expect(Math.abs(Number(numerators[i]!) / unit - value)).to.be.at.most(rounding + 1e-7 * scale);
        });
        // Slots without a provider are null players.
        expect(numerators.slice(providers.length).every((numerator) => numerator === 0n)).to.equal(true);
      }),
      { numRuns: 150 },
    );
  });

  it("has values that add up to the drop of the loss, with nothing for nobody", () => {
    fc.assert(
      fc.property(rounds(), ({ shape, input }) => {
        const { numerators, utilities, values, validationGram, grandTheta } = solveRound(shape, input);
        const total = numerators.reduce((sum, numerator) => sum + numerator, 0n);
        expect(utilities[0]).to.equal(0n);
        expect(total).to.equal(factorial(shape.providers) * utilities.at(-1)!);
        const drop =
          (validationGram.squares << BigInt(2 * shape.fractionBits)) -
          lossOf(validationGram, grandTheta, shape.fractionBits);
        expect(utilities.at(-1)).to.equal(drop);
        const shift = BigInt(roundBounds(shape).valueShift);
        expect(values).to.deep.equal(
          numerators.slice(0, input.providers.length).map((numerator) => numerator >> shift),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("publishes commitments, registry, model, loss and context in the order of the circuit", () => {
    fc.assert(
      fc.property(rounds(), ({ shape, input }) => {
        const solution = solveRound(shape, input);
        const { roundId, providers, validation, modelSalt, ridgeBits } = input;
        const entries = providers.map((provider) => ({
          payee: provider.payee,
          commitment: commitSamples(shape, { roundId, ...provider }),
        }));
        expect(solution.publicSignals).to.deep.equal([
          ...solution.valueWords,
          registryOf(entries),
          commitModel(solution.network, modelSalt),
          commitValidation(shape, validation),
          lossOf(solution.grams.reduce(addGrams), solution.thetas.at(-1)!, shape.fractionBits),
          contextWord(roundId, providers.length, ridgeBits),
        ]);
        expect(solution.publicSignals.length).to.equal(8);
        expect(solution.publicSignals.every((signal) => signal >= 0n && signal < FIELD_ORDER)).to.equal(true);
      }),
      { numRuns: 30 },
    );
  });

  it("trains on all rows as a training alone does", () => {
    fc.assert(
      fc.property(rounds(), ({ shape, input }) => {
        const { registry, modelCommitment, loss, context } = solveRound(shape, input);
        fc.pre(fixesModel(shape, input.ridgeBits));
        const training = solveTraining({ ...shape, validationRows: 0 }, input);
        expect(training.publicSignals).to.deep.equal([registry, modelCommitment, loss, context]);
      }),
      { numRuns: 30 },
    );
  });

  it("refuses to train alone with a ridge that leaves room for other models", () => {
    const shape = shapeOf({ features: 8, fractionBits: 24, integerBits: 10, validationRows: 0 });
    const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
    const salt = toFieldElement(5n);
    const providers = [{ payee: 1n, salt, samples: { rows: [] } }];
    const train = (ridgeBits: number) => solveTraining(shape, { roundId: 1n, ridgeBits, providers, modelSalt: salt });
    expect(() => train(minRidgeBits)).to.throw(TrainingSlackError, `ridge 2^${minRidgeBits}`);
    expect(() => train(maxRidgeBits)).to.not.throw();
  });

  it("gives the same to providers with the same rows, and nothing to one without rows", () => {
    const shape = shapeOf();
    const given = samplesFor(shape, { minRows: 1, maxRows: 4 });
    fc.assert(
      fc.property(given, samplesFor(shape, { minRows: 1, maxRows: 5 }), (samples, validation) => {
        const provider = (payee: bigint, rows: Samples) => ({ payee, salt: toFieldElement(1n), samples: rows });
        const { numerators } = solveRound(shape, {
          roundId: 1n,
          ridgeBits: roundBounds(shape).minRidgeBits,
          validation: { salt: toFieldElement(1n), samples: validation },
          providers: [provider(1n, samples), provider(2n, { rows: [] }), provider(3n, samples)],
          modelSalt: toFieldElement(1n),
        });
        expect(numerators[0]).to.equal(numerators[2]);
        expect(numerators[1]).to.equal(0n);
      }),
      { numRuns: 30 },
    );
  });

  it("values rows by what they do to the model, not by the mean of their labels", () => {
    // The article that the rewards come from has the mean of the training labels as utility: the highest labels earn most.
    const shape = shapeOf({ providers: 2, rows: 4, validationRows: 4 });
    const X = 32768;
    const line = [-20000, -7000, 6000, 19000].map((x) => Uint16Array.of(X + x, X + x));
    const flipped = line.map((row) => Uint16Array.of(row[0]!, Math.min(65535, 2 * X - row[1]! + 30000)));
    const { values } = solveRound(shape, {
      roundId: 1n,
      ridgeBits: roundBounds(shape).minRidgeBits,
      validation: { salt: toFieldElement(1n), samples: { rows: line } },
      providers: [line, flipped].map((rows, i) => ({
        payee: BigInt(i + 1),
        salt: toFieldElement(1n),
        samples: { rows },
      })),
      modelSalt: toFieldElement(1n),
    });
    expect(values[0]! > 0n && values[1]! < 0n).to.equal(true);
  });

  it("refuses inputs that do not fit the shape", () => {
    const shape = shapeOf();
    const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
    const rows = [Uint16Array.of(1, 2)];
    const provider = { payee: 1n, salt: toFieldElement(1n), samples: { rows } };
    const input = {
      roundId: 1n,
      ridgeBits: minRidgeBits,
      validation: { salt: toFieldElement(1n), samples: { rows } },
      providers: [provider],
      modelSalt: toFieldElement(1n),
    };
    const refused = [
      { ...input, providers: [] },
      { ...input, providers: [provider, provider, provider, provider] },
      { ...input, ridgeBits: minRidgeBits - 1 },
      { ...input, ridgeBits: maxRidgeBits + 1 },
      { ...input, ridgeBits: minRidgeBits + 0.5 },
      { ...input, validation: { ...input.validation, samples: { rows: [] } } },
    ];
    for (const wrong of refused) {
      expect(thrown(() => solveRound(shape, wrong))).to.be.instanceOf(RoundInputError);
    }
    expect(() => solveRound(shape, input)).to.not.throw();
  });
});
