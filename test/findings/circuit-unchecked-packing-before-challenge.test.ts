import { reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { ROWS, saleExample, SHAPE } from "../circuits/sale-example.ts";

/**
 * The attack: several values share a field element before they are hashed into the challenge. If they are not
 * range-checked to their slots, y_j + 2^slot and y_{j+1} - 1 give the same word, hence the same challenge and the same
 * products: every check of the matrix product passes, and the row is judged by other outputs.
 * Refused because every packed value is range-checked so that neighbours cannot carry into each other.
 */
describe("finding: unchecked packing before the challenge", function () {
  this.timeout(COMPILE_TIMEOUT);

  it("refuses outputs that pack to the proven word and make a wrong row right", async () => {
    const { sale, honest, wrong } = await saleExample();
    const last = SHAPE.layers.length - 1;
    const label = honest.fixture.statement.provenRows.labels[wrong]!;
    const step = 2n ** BigInt(sale.sale.slots[last]!.slotBits);
    const y = sale.circuit.list(honest.assignment, `outputs[${wrong}]`);
    if (label < y.length - 1) {
      y[label] = reduce(y[label]! + step);
      y[label + 1] = reduce(y[label + 1]! - 1n);
    } else {
      // The last class takes from its lower neighbour.
      y[label] = reduce(y[label]! + 1n);
      y[label - 1] = reduce(y[label - 1]! - step);
    }
    const forged = sale.forge(honest, {
      [`outputs[${wrong}]`]: y,
      [`right[${wrong}]`]: 1n,
      [`ceiling[${wrong}]`]: y[label]!,
      threshold: BigInt(ROWS),
    });
    expect(sale.challenge(forged)).to.equal(sale.challenge(honest.assignment));
    for (const row of [0, 1, 2]) {
      const words = (witness: typeof forged) => sale.circuit.list(witness, `sealed.slots[${row}][${last}].packed`);
      expect(words(forged)).to.deep.equal(words(honest.assignment));
    }
    // Nothing but the range checks of this row refuses it.
    const checks = [0, 1, 2].map((j) => `top[${wrong}].remainderBits[${j}].in`);
    sale.circuit.expectRejected(forged, `top[${wrong}].ceilingBits.in`, ...checks);
  });

  it("refuses hidden values that pack to the proven word", async () => {
    const { sale, honest, dead } = await saleExample();
    const step = 2n ** BigInt(sale.sale.slots[0]!.slotBits);
    const other = dead.neuron === 0 ? 1 : dead.neuron - 1;
    const [low, high] = [Math.min(dead.neuron, other), Math.max(dead.neuron, other)];
    const name = (neuron: number) => `hidden[${dead.row}][${neuron}]`;
    const forged = sale.forge(honest, {
      [name(low)]: reduce(sale.circuit.get(honest.assignment, name(low)) + step),
      [name(high)]: reduce(sale.circuit.get(honest.assignment, name(high)) - 1n),
    });
    expect(sale.challenge(forged)).to.equal(sale.challenge(honest.assignment));
    const refusing = sale.circuit.violations(forged).map((names) => names.join());
    expect(refusing.some((names) => names.includes(`sealed.activation[${dead.row}][${low}].bits`))).to.be.true;
  });
});
