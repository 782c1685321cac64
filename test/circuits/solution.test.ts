import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { solveRidge } from "@zkcmp/shapley/ridge";
import { expect } from "chai";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned, templateSignals } from "./pinned-signals.ts";
import { upperTriangle } from "./round-example.ts";
import { inverse } from "./signal-definitions.ts";

const FRACTION_BITS = 24;
const RESIDUAL_BITS = 20;
const RIDGE_BITS = 10;
const EDGE = 2n ** BigInt(RESIDUAL_BITS - 1);

const gram = {
  count: 2,
  features: [
    [32768n, 2000n],
    [2000n, 9000n],
  ],
  targets: [
    [-3000n, 500n],
    [700n, 8000n],
  ],
  squares: 0n,
};
/** Another coalition's. */
const other = {
  ...gram,
  targets: [
    [-2900n, 500n],
    [700n, 8100n],
  ],
};

const theta = solveRidge(gram, RIDGE_BITS, FRACTION_BITS);
const ridge = 2n ** BigInt(RIDGE_BITS);
const inputOf = (coefficients: readonly (readonly bigint[])[]) => ({
  gram: upperTriangle(gram.features).map(reduce),
  targets: gram.targets.map((row) => row.map(reduce)),
  ridge,
  theta: coefficients.map((row) => row.map(reduce)),
});

describe("Solution", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    const call = `Solution(2, 2, ${FRACTION_BITS}, ${RESIDUAL_BITS})`;
    circuit = await CircuitUnderTest.compile("shapley/coalition.circom", call);
    honest = await circuit.calculate(inputOf(theta));
  });

  it("accepts the nearest integers to the exact solution", () => {
    circuit.expectAccepted(honest);
  });

  it("refuses any other sum or residual", () => {
    const signals = templateSignals(circuit);
    expect(signals).to.include.members(["sum[0][0][0]", "residual[1][1].in"]);
    expectEachPinned(circuit, honest, signals);
  });

  it("refuses a model whose residual is just outside of the bound, and takes the one just inside", () => {
    // The residual grows by a column of A + lambda I for every unit of theta.
    const residual = (moved: readonly (readonly bigint[])[], a: number) =>
      gram.features[a]!.reduce((sum, value, j) => sum + value * moved[j]![0]!, ridge * moved[a]![0]!) -
      2n ** BigInt(FRACTION_BITS) * gram.targets[a]![0]!;
    for (const direction of [1n, -1n]) {
      let moved = theta.map((row) => [...row]);
      const step = () => moved.map((row, a) => (a === 0 ? [row[0]! + direction, row[1]!] : row));
      const inBox = (model: bigint[][]) =>
        [0, 1].every((a) => residual(model, a) >= -EDGE && residual(model, a) < EDGE);
      while (inBox(step())) moved = step();
      expect(moved).to.not.deep.equal(theta);
      circuit.expectAccepted(circuit.forge(honest, { theta: inputOf(moved).theta }));
      circuit.expectRejected(circuit.forge(honest, { theta: inputOf(step()).theta }), "residual[0][0].in");
    }
  });

  it("refuses residuals of -2^(n-1) - 1 and of 2^(n-1)", () => {
    const at = (residual: bigint) => circuit.forge(honest, { "residual[0][1].in": reduce(residual + EDGE) });
    // The definition of Num2Bits' input is broken on purpose in all four cases: what the bits say is another constraint.
    const ofDefinition = (names: readonly string[]) => names.some((name) => name.startsWith("sum[0][1]["));
    const ofBits = (names: readonly string[]) => names.some((name) => /^residual\[0\]\[1\]\.out\[/.test(name));
    const broken = (residual: bigint) =>
      circuit.violations(at(residual)).map((names) => [ofDefinition(names), ofBits(names)]);
    for (const residual of [-EDGE, EDGE - 1n]) expect(broken(residual)).to.deep.equal([[true, false]]);
    for (const residual of [-EDGE - 1n, EDGE]) {
      expect(broken(residual)).to.have.deep.members([
        [true, false],
        [false, true],
      ]);
    }
  });

  it("refuses the model of another coalition, of another ridge, and of targets with the other sign", () => {
    const strangers = [
      solveRidge(other, RIDGE_BITS, FRACTION_BITS),
      solveRidge(gram, RIDGE_BITS + 1, FRACTION_BITS),
      theta.map((row) => row.map((value) => -value)),
      theta.map((row) => row.map(() => 0n)),
    ];
    for (const stranger of strangers) circuit.expectRejected(circuit.forge(honest, { theta: inputOf(stranger).theta }));
  });

  it("takes solutions modulo r that are no integers near the model: the range of theta is the caller's check", () => {
    // (A + lambda I)^-1 (2^f B + e) modulo r, for e = (1, 0).
    const [[a, b], [, d]] = gram.features as [[bigint, bigint], [bigint, bigint]];
    const scale = inverse((a + ridge) * (d + ridge) - b * b);
    const garbage = theta.map((row, j) => [reduce(row[0]! + (j === 0 ? d + ridge : -b) * scale), reduce(row[1]!)]);
    circuit.expectAccepted(circuit.forge(honest, { theta: garbage }));
    expect(garbage.every(([value]) => value! > 2n ** 64n && value! < FIELD_ORDER - 2n ** 64n)).to.equal(true);
  });
});
