import { expect } from "chai";
import fc from "fast-check";
import { SHAPLEY_ROUND_TARGETS, TRAINING_TARGETS } from "../src/public-signals.ts";
import { ROUND_CIRCUIT_VERSION, roundCircuit, roundConstraints } from "../src/round-circuit.ts";
import { parseRoundShape } from "../src/round-shape.ts";
import { shapeOf, shapes } from "./arbitrary.ts";

const shapeNamed = (wanted: string) => {
  const target = [...TRAINING_TARGETS, ...SHAPLEY_ROUND_TARGETS].find(({ name }) => name === wanted);
  return parseRoundShape(target?.shape);
};

describe("round-circuit", () => {
  it("names the circuit after its template, version and shape", () => {
    const shape = shapeOf({ providers: 2, rows: 3, fractionBits: 36 });
    const name = `shapley-round-v${ROUND_CIRCUIT_VERSION}-p2-m3-f1-k1-b16-q36_6-v5`;
    expect(roundCircuit(shape).name).to.equal(name);
    expect(roundCircuit({ ...shape, validationRows: 0 }).name).to.match(/^training-v\d+-p2-.*-v0$/);
    fc.assert(
      fc.property(shapes, shapes, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(roundCircuit(a).name === roundCircuit(b).name).to.equal(same);
        expect(roundCircuit(a).name).to.match(/^[\w-]+$/);
      }),
    );
  });

  it("gives the parameters that the bounds of the shape say", () => {
    const { source, publicCount } = roundCircuit(shapeNamed("10x40"));
    expect(publicCount).to.equal(8);
    expect(source).to.include('include "shapley-round.circom";');
    expect(source).to.include(
      "{public [context]} = ShapleyRound(10, 40, 1, 1, 16, 24, 30, 100, [37, 38, 39, 39, 39, 40, 40, 40, 40, 40], 1, 60);",
    );
    const training = roundCircuit(shapeNamed("seed"));
    expect(training.publicCount).to.equal(4);
    expect(training.source).to.include("{public [context]} = Training(1, 100, 1, 1, 16, 24, 30, 39, 1);");
  });

  it("counts the constraints of the figures", () => {
    // test/circuits/round-differential.test.ts holds the formula to the compiler, on small shapes; these were compiled once.
    expect(roundConstraints(shapeNamed("seed")).total).to.equal(5406);
    expect(roundConstraints(shapeNamed("10x40")).total).to.equal(178_939);
    expect(roundConstraints(shapeNamed("8x40")).total).to.equal(119_983);
    expect(roundConstraints(shapeNamed("12x20")).total).to.equal(621_451);
  });
});
