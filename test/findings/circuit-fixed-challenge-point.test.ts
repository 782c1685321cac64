import { multiply, reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { saleExample, SHAPE } from "../circuits/sale-example.ts";

/**
 * The attack: a matrix product is checked at one point that the prover knows beforehand, a constant such as 2 or a number
 * of their choice. Errors d_i in the rows with sum d_i * point^i = 0 pass: with the point 2 an error of -2 in one row and 1
 * in the next.
 * Refused because the point is the hash of all values that it checks: with other values it is another point.
 */
describe("finding: fixed challenge point", function () {
  this.timeout(COMPILE_TIMEOUT);
  const LAST = SHAPE.layers.length - 1;
  const POINT = 2n;

  /** Wrong outputs that agree with the right ones at the point: -2 in row 0, 1 in row 1. */
  const edit = (z: bigint, row: number, layer: number, neuron: number) =>
    layer !== LAST || neuron !== 0 ? z : row === 0 ? z - POINT : row === 1 ? z + 1n : z;

  it("refuses a wrong product that agrees at a known point", async () => {
    const { sale, honest } = await saleExample();
    const forged = sale.forgeValues(honest, edit);
    expect(sale.challenge(forged)).to.not.equal(POINT);
    sale.circuit.expectRejected(forged, `sealed.product[${LAST}].left[0].out`);
  });

  it("refuses the point in the place of the hash, though every product then agrees", async () => {
    const { sale, honest } = await saleExample();
    const forged = sale.forge(honest, { ...sale.inputsWith(honest.fixture, edit), "sealed.challenge": POINT });
    // Nothing but the hash refuses it.
    sale.circuit.expectRejected(forged, "sealed.challenge");
  });

  it("refuses a wrong product that agrees at the challenge of an earlier, honest proof", async () => {
    const { sale, honest } = await saleExample();
    const old = sale.challenge(honest.assignment);
    const forged = sale.forge(honest, {
      "outputs[0][0]": reduce(sale.circuit.get(honest.assignment, "outputs[0][0]") - multiply(old, reduce(1n))),
      "outputs[1][0]": sale.circuit.get(honest.assignment, "outputs[1][0]") + 1n,
    });
    // Errors for a random point are no small numbers, and the challenge moves with them.
    expect(sale.challenge(forged)).to.not.equal(old);
    const refusing = sale.circuit.violations(forged).map((names) => names.join());
    expect(refusing.some((names) => names.includes(`sealed.product[${LAST}].left[0].out`))).to.be.true;
    expect(refusing.some((names) => names.includes("top[0].remainderBits"))).to.be.true;
  });
});
