import { reduce } from "@zkcmp/field/element";
import { isRight } from "@zkcmp/network/inference";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";

const BITS = 6;
const CLASSES = 3;

/** A row as the circuit takes it. A right row's ceiling is y_L, which is also the largest y_j + [j < L]. */
function row(outputs: readonly number[], label: number, right: boolean, ceiling?: number) {
  const top = Math.max(...outputs.map((y, j) => (j < label ? y + 1 : y)));
  return {
    outputs: outputs.map((y) => reduce(BigInt(y))),
    oneHot: outputs.map((_, j) => (j === label ? 1n : 0n)),
    right: right ? 1n : 0n,
    ceiling: reduce(BigInt(ceiling ?? top)),
  };
}

const isRightRow = (outputs: readonly number[], label: number) => isRight(outputs.map(BigInt), label);

describe("TopLabel", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    circuit = await CircuitUnderTest.compile("network/top-label.circom", `TopLabel(${CLASSES}, ${BITS})`);
    honest = await circuit.calculate(row([3, 9, -4], 1, true));
  });

  it("counts a row exactly when the plain inference does", async () => {
    // |y| + 1 < 2^B, few distinct values so that ties are common.
    const value = fc.oneof(fc.integer({ min: -62, max: 62 }), fc.integer({ min: -1, max: 1 }));
    const outputs = fc.array(value, { minLength: CLASSES, maxLength: CLASSES });
    const agrees = async (y: number[], label: number) => {
      const right = isRightRow(y, label);
      const witness = await circuit.calculate(row(y, label, right));
      circuit.expectAccepted(witness);
      expect(circuit.get(witness, "label")).to.equal(BigInt(label));
      // A row may always be left uncounted; a wrong one may never be counted.
      circuit.expectAccepted(circuit.forge(witness, row(y, label, false)));
      if (!right) circuit.expectRejected(circuit.forge(witness, row(y, label, true)), "right");
    };
    await agrees([62, -62, -62], 0);
    await agrees([-62, -62, 62], 1);
    await fc.assert(fc.asyncProperty(outputs, fc.nat(CLASSES - 1), agrees), { numRuns: 40 });
  });

  it("refuses to count a wrong row whatever the ceiling, and outputs outside [-3 * 2^B, 2^B): every case of a small one", async () => {
    const bits = 2;
    const small = await CircuitUnderTest.compile("network/top-label.circom", `TopLabel(2, ${bits})`);
    const start = await small.calculate(row([0, 0], 0, true));
    const [low, high] = [-3 * 2 ** bits, 2 ** bits];
    const accepted = { right: 0, uncounted: 0 };
    for (let first = low - 1; first <= high; first++) {
      for (let second = low - 1; second <= high; second++) {
        for (const label of [0, 1]) {
          for (const right of [false, true]) {
            for (let ceiling = -(2 ** bits) - 1; ceiling <= 2 ** bits; ceiling++) {
              const witness = small.forge(start, row([first, second], label, right, ceiling));
              const outside = [first, second].some((y) => y < low || y >= high);
              if (outside || (right && !isRightRow([first, second], label))) small.expectRejected(witness);
              else if (small.accepts(witness)) accepted[right ? "right" : "uncounted"]++;
            }
          }
        }
      }
    }
    // Both kinds of rows exist among the accepted ones, so the loop does not pass by refusing everything.
    expect(accepted.right).to.be.greaterThan(50);
    expect(accepted.uncounted).to.be.greaterThan(accepted.right);
  });

  describe("labels that are not one-hot", () => {
    // y_0 = 5 with the factor 2 and y_1 = 1 with the factor -1: 9 in the place of y_L, all remainders stay in range.
    it("refuses a 2 and a -1", () => {
      const witness = circuit.forge(honest, {
        outputs: [5n, 1n, 2n],
        oneHot: [2n, reduce(-1n), 0n],
        ceiling: 9n,
      });
      circuit.expectRejected(witness, "oneHot");
    });

    it("refuses two ones", () => {
      // The sum of two outputs reaches any ceiling.
      const witness = circuit.forge(honest, { outputs: [4n, 5n, 7n], oneHot: [1n, 1n, 0n], ceiling: 9n });
      circuit.expectRejected(witness, "oneHot");
    });

    it("refuses no one", () => {
      // Without a one the label's output is 0, above all negative outputs.
      const negative = [-3n, -4n, -5n].map(reduce);
      circuit.expectRejected(circuit.forge(honest, { outputs: negative, oneHot: [0n, 0n, 0n], ceiling: 0n }), "oneHot");
    });

    it("refuses another label than the position of the one", () => {
      circuit.expectRejected(circuit.forge(honest, { label: 0n }), "label");
      circuit.expectRejected(circuit.forge(honest, { label: 2n }), "label");
    });
  });

  it("refuses right = 2 and right = -1", () => {
    for (const right of [2n, reduce(-1n)]) circuit.expectRejected(circuit.forge(honest, { right }), "right");
  });

  it("refuses to count a row that is wrong", () => {
    circuit.expectRejected(circuit.forge(honest, row([3, 9, -4], 0, true)), "right");
    circuit.expectRejected(circuit.forge(honest, row([3, 9, -4], 2, true)), "right");
  });

  it("refuses to break a tie for the higher index", () => {
    const tie = circuit.forge(honest, row([9, 9, 9], 0, true));
    circuit.expectAccepted(tie);
    circuit.expectRejected(circuit.forge(tie, row([9, 9, 9], 1, true)), "right");
    circuit.expectRejected(circuit.forge(tie, row([9, 9, 9], 2, true)), "right");
    // With y_L as the ceiling the remainder of a lower index is -1.
    circuit.expectRejected(circuit.forge(tie, row([9, 9, 9], 1, true, 9)), "remainderBits[0].in");
  });

  it("refuses a ceiling that is too small, and one that is too large for a counted row", () => {
    circuit.expectRejected(circuit.forge(honest, row([3, 9, -4], 1, false, 8)), "remainderBits[1].in");
    circuit.expectRejected(circuit.forge(honest, row([3, 9, -4], 1, true, 10)), "right");
  });

  it("refuses a ceiling out of range, even far away from all outputs", () => {
    for (const ceiling of [2 ** BITS, -(2 ** BITS) - 1]) {
      const y = [ceiling - 2, ceiling - 2, ceiling - 3];
      circuit.expectRejected(circuit.forge(honest, row(y, 1, false, ceiling)), "ceilingBits.in");
    }
    const far = row([3, 9, -4], 1, false);
    const shifted = {
      ...far,
      outputs: far.outputs.map((y) => reduce(y + 2n ** 100n)),
      ceiling: reduce(far.ceiling + 2n ** 100n),
    };
    // The range check made on another number than the ceiling.
    circuit.expectRejected(circuit.forge(honest, shifted, ["ceilingBits.in"]), "ceilingBits.in");
  });

  it("refuses a negative remainder whose range was checked on another number", () => {
    // Row [3, 9, -4] with the label 0: its remainder at class 1 is -6, replaced by 0.
    const witness = circuit.forge(honest, { ...row([3, 9, -4], 0, true, 3), "remainderBits[1].in": 0n });
    circuit.expectRejected(witness, "remainderBits[1].in");
  });

  it("refuses remainders one step outside their range", () => {
    const widest = 2 ** (BITS + 1) - 1;
    const inside = circuit.forge(honest, row([9 - widest, 9, -4], 2, false, 10));
    circuit.expectAccepted(inside);
    circuit.expectRejected(circuit.forge(inside, row([8 - widest, 9, -4], 2, false, 10)), "remainderBits[0].in");
  });

  it("holds at 251 bits, the most that a shape can ask for", async () => {
    const bits = 251n;
    const wide = await CircuitUnderTest.compile("network/top-label.circom", `TopLabel(2, ${bits})`);
    const most = 2n ** bits - 2n;
    const rowOf = (outputs: readonly bigint[], label: number, right: bigint, ceiling: bigint) => ({
      outputs: outputs.map(reduce),
      oneHot: [0, 1].map((j) => (j === label ? 1n : 0n)),
      right,
      ceiling: reduce(ceiling),
    });
    const start = await wide.calculate(rowOf([most, -most], 0, 1n, most));
    wide.expectAccepted(start);
    wide.expectAccepted(wide.forge(start, rowOf([most, -most], 1, 0n, most + 1n)));
    wide.expectRejected(wide.forge(start, rowOf([most, -most], 1, 1n, -most)), "remainderBits[0].in");
    wide.expectRejected(wide.forge(start, rowOf([most, -most], 1, 1n, most + 1n)), "right");
    // The lowest output that a ceiling reaches, and one below it.
    const lowest = 2n ** bits - 2n - (2n ** (bits + 1n) - 1n);
    wide.expectAccepted(wide.forge(start, rowOf([lowest, 0n], 1, 0n, 2n ** bits - 1n)));
    wide.expectRejected(wide.forge(start, rowOf([lowest - 1n, 0n], 1, 0n, 2n ** bits - 1n)), "remainderBits[0].in");
  });

  it("refuses a made-up output of the label", () => {
    // Class 0 is counted as if its output were the ceiling.
    const witness = circuit.forge(honest, { ...row([3, 9, -4], 0, true, 10), chosen: [10n, 0n, 0n] });
    circuit.expectRejected(witness, "chosen");
  });

  it("refuses bits that are not 0 or 1", () => {
    for (const name of ["ceilingBits", "remainderBits[0]"]) {
      const bits = circuit.list(honest, `${name}.out`);
      // A bit more becomes 2 less of the next lower one: the sum stays.
      const at = bits.findLastIndex((bit) => bit === 1n);
      const changed = bits.map((bit, i) => (i === at ? 0n : i === at - 1 ? bit + 2n : bit));
      circuit.expectRejected(circuit.forge(honest, { [`${name}.out`]: changed }), `${name}.out`);
    }
  });
});
