import { FIELD_ORDER, toFieldElement } from "@zkcmp/field/element";
import { expect } from "chai";
import type { RoundInput } from "../src/round-solution.ts";
import { solveRound, solveTraining } from "../src/round-solution.ts";
import { roundCircuitInput, trainingCircuitInput } from "../src/round-witness.ts";
import { shapeOf } from "./arbitrary.ts";

const shape = shapeOf({ providers: 3, rows: 2, dataBits: 8, validationRows: 3 });
const rows = (...list: readonly (readonly number[])[]) => ({ rows: list.map((row) => Uint16Array.from(row)) });
const input: RoundInput = {
  roundId: 9n,
  ridgeBits: 9,
  modelSalt: toFieldElement(6n),
  validation: { salt: toFieldElement(7n), samples: rows([1, 2], [3, 4]) },
  providers: [
    { payee: 10n, salt: toFieldElement(20n), samples: rows([200, 50], [90, 180]) },
    { payee: 11n, salt: toFieldElement(21n), samples: rows([128, 255]) },
  ],
};

describe("round-witness", () => {
  const solution = solveRound(shape, input);
  const circuitInput = roundCircuitInput(shape, input, solution);

  it("fills unused slots and rows with zeros", () => {
    expect(circuitInput.active).to.deep.equal([1n, 1n, 0n]);
    expect(circuitInput.payees).to.deep.equal([10n, 11n, 0n]);
    expect(circuitInput.salts).to.deep.equal([20n, 21n, 0n]);
    const zeros = [0n, 0n];
    expect(circuitInput.digits).to.deep.equal([
      [
        [200n, 50n],
        [90n, 180n],
      ],
      [[128n, 255n], zeros],
      [zeros, zeros],
    ]);
    expect(circuitInput.used).to.deep.equal([[1n, 1n], [1n, 0n], zeros]);
    expect(circuitInput.validationDigits).to.deep.equal([[1n, 2n], [3n, 4n], zeros]);
    expect(circuitInput.validationUsed).to.deep.equal([1n, 1n, 0n]);
  });

  it("gives the models of all coalitions but the empty one, negative coefficients as field elements", () => {
    const theta = circuitInput.theta as bigint[][][];
    expect(theta.length).to.equal(7);
    theta.forEach((model, place) =>
      model.forEach((row, a) => {
        const signed = row[0]! > FIELD_ORDER / 2n ? row[0]! - FIELD_ORDER : row[0]!;
        expect(signed).to.equal(solution.thetas[place + 1]![a]![0]);
      }),
    );
    expect(theta.flat(2).some((value) => value > FIELD_ORDER / 2n)).to.equal(true);
  });

  it("gives a training the model of all rows, and no validation set", () => {
    const training = { ...shape, validationRows: 0 };
    const trained = trainingCircuitInput(training, input, solveTraining(training, input));
    expect(trained.theta).to.deep.equal((circuitInput.theta as bigint[][][]).at(-1));
    expect(trained).to.not.have.any.keys("validationDigits", "validationUsed", "validationSalt");
    expect(trained.digits).to.deep.equal(circuitInput.digits);
  });
});
