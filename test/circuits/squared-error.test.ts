import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";

const ROWS = 3;
const BITS = 6;
const LIMIT = 2n ** BigInt(BITS);
/** S: 2 B + 2 and the two bits of 3 rows. */
const SUM_BITS = 2 * BITS + 2 + 2;

describe("SquaredError", function () {
  this.timeout(COMPILE_TIMEOUT);
  const outputs = [5n, -64n, 63n];
  const targets = [7n, -63n, 60n];
  /** 4 + 1 + 9 */
  const sum = 14n;
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    circuit = await CircuitUnderTest.compile("network/squared-error.circom", `SquaredError(${ROWS}, ${BITS})`);
    honest = await circuit.calculate({ outputs: outputs.map(reduce), targets: targets.map(reduce), allowed: sum });
  });

  it("accepts exactly the bounds from the sum on", () => {
    circuit.expectAccepted(honest);
    for (const allowed of [sum + 1n, 2n ** BigInt(SUM_BITS) - 1n])
      circuit.expectAccepted(circuit.forge(honest, { allowed }));
    for (const allowed of [sum - 1n, 0n]) circuit.expectRejected(circuit.forge(honest, { allowed }), "left.in");
  });

  it("counts the largest error that there can be, on every row", async () => {
    const worst = 4n * LIMIT * LIMIT * BigInt(ROWS);
    const extreme = {
      outputs: outputs.map(() => reduce(-LIMIT)),
      targets: targets.map(() => reduce(LIMIT)),
      allowed: worst,
    };
    const witness = await circuit.calculate(extreme);
    circuit.expectAccepted(witness);
    expect(worst < 2n ** BigInt(SUM_BITS)).to.be.true;
    circuit.expectRejected(circuit.forge(witness, { allowed: worst - 1n }), "left.in");
  });

  it("refuses an output outside its range, though it would meet its target", () => {
    for (const z of [LIMIT, -LIMIT - 1n]) {
      const changes = { "outputs[0]": reduce(z), "targets[0]": reduce(z), allowed: 10n };
      circuit.expectRejected(circuit.forge(honest, changes), "range[0].in");
    }
  });

  it("refuses an output whose squared error wraps around the field", () => {
    // A square root of a small number modulo r, or of one that brings the sum to 0, would make any error disappear.
    const i = squareRootOfMinusOne();
    const forged = circuit.forge(honest, { "outputs[0]": reduce(targets[0]! + 3n * i), allowed: 1n });
    // 9 i^2 + 1 + 9 = 1
    expect(circuit.get(forged, "left.in")).to.equal(0n);
    circuit.expectRejected(forged, "range[0].in");
  });

  it("refuses errors, a sum and a comparison that are not those of the outputs", () => {
    circuit.expectRejected(circuit.forge(honest, { "error[2]": 0n, allowed: 5n }), "error[2]");
    circuit.expectRejected(circuit.forge(honest, { "left.in": 0n, allowed: 5n }), "left.in");
    circuit.expectRejected(
      circuit.forge(honest, { "range[0].in": 0n, "outputs[0]": reduce(LIMIT), "targets[0]": reduce(LIMIT) }),
      "range[0].in",
    );
  });

  it("refuses a difference below 0 in any bits", () => {
    const short = circuit.forge(honest, { allowed: sum - 1n });
    for (const bits of [0n, 2n ** BigInt(SUM_BITS) - 1n, FIELD_ORDER - 1n]) {
      const out = Array.from({ length: SUM_BITS }, (_, i) => (bits >> BigInt(i)) & 1n);
      circuit.expectRejected(circuit.forge(short, { "left.out": out }), "left.in");
    }
  });
});

/** r - 1 is divisible by 4, so that -1 has a root: g^((r-1)/4) for a non-residue g. */
function squareRootOfMinusOne(): bigint {
  for (let base = 2n; ; base++) {
    const root = power(base, (FIELD_ORDER - 1n) / 4n);
    if ((root * root) % FIELD_ORDER === FIELD_ORDER - 1n) return root;
  }
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % FIELD_ORDER;
    square = (square * square) % FIELD_ORDER;
  }
  return result;
}
