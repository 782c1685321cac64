import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { digitsPerWord } from "@zkcmp/field/packing";
import { packSlots } from "@zkcmp/groth16/sale-witness";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";

const SLOT_BITS = 60;
/** Two full words of 4 slots and one of 3. */
const COUNT = 11;
const words = Math.ceil(COUNT / digitsPerWord(SLOT_BITS));

describe("Slots", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  const limit = 2n ** BigInt(SLOT_BITS - 1);
  const values = fc.array(fc.bigInt({ min: -limit, max: limit - 1n }), { minLength: COUNT, maxLength: COUNT });

  before(async () => {
    circuit = await CircuitUnderTest.compile("network/product-check.circom", `Slots(${COUNT}, ${SLOT_BITS})`);
    honest = await circuit.calculate({ values: Array.from({ length: COUNT }, (_, j) => reduce(BigInt(-j))) });
  });

  it("packs like the witness of a sale does", async () => {
    await fc.assert(
      fc.asyncProperty(values, async (list) => {
        const witness = await circuit.calculate({ values: list.map(reduce) });
        circuit.expectAccepted(witness);
        expect(circuit.list(witness, "packed")).to.deep.equal(
          packSlots(list, { magnitudeBits: SLOT_BITS - 1, slotBits: SLOT_BITS, words }),
        );
      }),
      { numRuns: 20 },
    );
  });

  it("gives different words to different lists of values within their slots", () => {
    const packed = (list: readonly bigint[]) =>
      packSlots(list, { magnitudeBits: SLOT_BITS - 1, slotBits: SLOT_BITS, words }).join();
    fc.assert(
      fc.property(values, fc.nat(COUNT - 2), fc.constantFrom(-1n, 1n), (list, j, sign) => {
        // The nearest miss there is: a carry from one slot to the next does not fit the slots.
        const carried = [...list];
        carried[j]! += sign * 2n ** BigInt(SLOT_BITS);
        carried[j + 1]! -= sign;
        const fits = carried.every((value) => value >= -limit && value < limit);
        expect(fits).to.be.false;
        const moved = [...list];
        moved[j] = list[j]! === limit - 1n ? -limit : list[j]! + 1n;
        expect(packed(moved)).to.not.equal(packed(list));
      }),
    );
  });

  it("keeps the largest differences below r: no two lists share a word modulo r", () => {
    for (let slotBits = 3; slotBits <= 253; slotBits++) {
      const perWord = digitsPerWord(slotBits);
      const widest = 2n ** BigInt(slotBits) - 1n;
      const difference = Array.from({ length: perWord }, () => widest);
      const sum = difference.reduceRight((total, value) => (total << BigInt(slotBits)) + value, 0n);
      expect(sum < FIELD_ORDER, `slots of ${slotBits} bits`).to.be.true;
    }
  });

  it("refuses any other word", () => {
    for (const signal of circuit.ownSignals()) {
      circuit.expectRejected(circuit.forge(honest, { [signal]: circuit.get(honest, signal) + 1n }), signal);
    }
  });
});
