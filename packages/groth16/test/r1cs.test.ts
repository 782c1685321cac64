import { expect } from "chai";
import { readFile } from "node:fs/promises";
import * as snarkjs from "snarkjs";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { endCurve } from "../src/curve.ts";
import { type Matrix, type R1cs, WitnessShapeError, checkWitness, parseR1cs, readR1cs, terms } from "../src/r1cs.ts";
import { BinaryFileError } from "../src/sections.ts";
import { readSymbols } from "../src/sym.ts";
import { calculateWitness } from "../src/witness-calculator.ts";
import { decodeWitness } from "../src/wtns.ts";
import { compileToy, errorOf, toyInputs } from "./toy.ts";

/** Splits a container into its sections, so that tests can rearrange them. */
function sections(bytes: Buffer): { id: number; payload: Buffer }[] {
  const found = [];
  for (let at = 12; at < bytes.length;) {
    const size = Number(bytes.readBigUInt64LE(at + 4));
    found.push({ id: bytes.readUInt32LE(at), payload: bytes.subarray(at + 12, at + 12 + size) });
    at += 12 + size;
  }
  return found;
}

function container(list: readonly { id: number; payload: Buffer }[]): Buffer {
  const head = Buffer.from("r1cs\u0001\0\0\0\0\0\0\0", "latin1");
  head.writeUInt32LE(list.length, 8);
  const parts = list.flatMap(({ id, payload }) => {
    const frame = Buffer.alloc(12);
    frame.writeUInt32LE(id, 0);
    frame.writeBigUInt64LE(BigInt(payload.length), 4);
    return [frame, payload];
  });
  return Buffer.concat([head, ...parts]);
}

describe("r1cs", function () {
  this.timeout(30_000);
  let bytes: Buffer;
  let r1cs: R1cs;
  let witness: bigint[];

  before(async () => {
    const circuit = await compileToy("mixed");
    bytes = await readFile(circuit.r1csPath);
    r1cs = await readR1cs(circuit.r1csPath);
    witness = decodeWitness(await calculateWitness(circuit.wasmPath, toyInputs("mixed")));
  });
  after(endCurve);

  it("reads the header", () => {
    const { constraints, offsets, ...header } = r1cs;
    expect(header).to.deep.equal({
      wireCount: 30,
      outputCount: 3,
      publicInputCount: 2,
      privateInputCount: 3,
      publicCount: 5,
      constraintCount: 27,
      termCounts: [72, 48, 3],
    });
    expect(offsets.length).to.equal(81);
    expect(constraints.length).to.equal(81 * 4 + (72 + 48 + 3) * 36);
  });

  it("reads the same terms as snarkjs", async () => {
    const { r1csPath } = await compileToy("hash-chain");
    const own = await readR1cs(r1csPath);
    const theirs = (await snarkjs.r1cs.exportJson(r1csPath)) as { constraints: Record<string, string>[][] };
    expect(own.constraintCount).to.equal(theirs.constraints.length);
    theirs.constraints.forEach((constraint, i) =>
      constraint.forEach((combination, matrix) => {
        const expected = Object.entries(combination).map(([wire, value]) => [Number(wire), BigInt(value)]);
        const actual = terms(own, i, matrix as Matrix).map(({ wire, coefficient }) => [wire, coefficient]);
        const order = (a: (number | bigint)[], b: (number | bigint)[]) => Number(a[0]) - Number(b[0]);
        expect(actual.sort(order)).to.deep.equal(expected.sort(order));
      }),
    );
  });

  it("takes the sections in any order", () => {
    const turned = parseR1cs(container(sections(bytes).reverse()));
    expect(turned.constraintCount).to.equal(27);
    expect(checkWitness(turned, witness)).to.equal(null);
  });

  it("refuses a file that is cut off anywhere, longer, or has a section twice", () => {
    for (let length = 0; length < bytes.length; length += 7) {
      expect(() => parseR1cs(bytes.subarray(0, length)), `${length} bytes`).to.throw(BinaryFileError);
    }
    expect(() => parseR1cs(Buffer.concat([bytes, Buffer.alloc(1)]))).to.throw(BinaryFileError, "bytes follow");
    const parts = sections(bytes);
    expect(() => parseR1cs(container([...parts, ...parts.slice(0, 1)]))).to.throw(BinaryFileError, "twice");
  });

  it("refuses another field, unknown wires, coefficients outside the field and constraints beyond the count", () => {
    const edited = (section: number, edit: (payload: Buffer) => void) => {
      const parts = sections(bytes).map(({ id, payload }) => ({ id, payload: Buffer.from(payload) }));
      edit((parts.find(({ id }) => id === section) as { payload: Buffer }).payload);
      return () => parseR1cs(container(parts));
    };
    expect(edited(1, () => undefined)).to.not.throw();
    expect(edited(1, (header) => header.writeUInt8(0, 4))).to.throw(BinaryFileError, "field");
    expect(edited(1, (header) => header.writeUInt32LE(25, 48))).to.throw(BinaryFileError, "more inputs and outputs");
    expect(edited(1, (header) => header.writeUInt32LE(26, 60))).to.throw(BinaryFileError, "bytes follow");
    expect(edited(1, (header) => header.writeUInt32LE(28, 60))).to.throw(BinaryFileError, "cut off");
    expect(edited(2, (body) => body.writeUInt32LE(0xffffffff, 0))).to.throw(BinaryFileError, "cut off");
    expect(edited(2, (body) => body.writeUInt32LE(30, 4))).to.throw(BinaryFileError, "unknown wire");
    const order = Buffer.from(FIELD_ORDER.toString(16).padStart(64, "0"), "hex").reverse();
    expect(edited(2, (body) => body.set(order, 8))).to.throw(BinaryFileError, "outside the field");
    expect(edited(2, (body) => body.set([(order[0] as number) - 1, ...order.subarray(1)], 8))).to.not.throw();
  });

  it("refuses custom gates", () => {
    const gates = (payload: Buffer) => container([...sections(bytes), { id: 4, payload }]);
    expect(() => parseR1cs(gates(Buffer.from([1, 0, 0, 0])))).to.throw(BinaryFileError, "custom gates");
    expect(parseR1cs(gates(Buffer.alloc(4))).constraintCount).to.equal(27);
  });

  it("has no terms beyond the last constraint", () => {
    expect(() => terms(r1cs, 27, 0)).to.throw(RangeError, "no constraint 27");
  });

  it("says which file is missing", async () => {
    const error = await errorOf(readR1cs("no-such-file.r1cs"));
    expect(error).to.be.instanceOf(BinaryFileError);
    expect(error.message).to.include("no-such-file.r1cs").and.to.include("ENOENT");
  });

  it("accepts the calculated witness and finds the first violated constraint of a forged one", async () => {
    expect(checkWitness(r1cs, witness)).to.equal(null);
    const symbols = await readSymbols((await compileToy("mixed")).symPath);
    const unbound = symbols.wire("main.unused");
    for (let wire = 1; wire < witness.length; wire++) {
      const forged = [...witness];
      forged[wire] = ((forged[wire] as bigint) + 1n) % FIELD_ORDER;
      const violated = checkWitness(r1cs, forged);
      if (wire === unbound) {
        expect(violated).to.equal(null);
        continue;
      }
      expect(violated, `wire ${wire}`).to.be.a("number");
      const touched = ([0, 1, 2] as const).flatMap((matrix) => terms(r1cs, violated as number, matrix));
      expect(touched.map((term) => term.wire)).to.include(wire);
    }
  });

  it("refuses witnesses of another circuit", () => {
    expect(() => checkWitness(r1cs, witness.slice(1))).to.throw(WitnessShapeError, "29 wires");
    expect(() => checkWitness(r1cs, [0n, ...witness.slice(1)])).to.throw(WitnessShapeError, "Wire 0");
  });
});
