import { expect } from "chai";
import fc from "fast-check";
import protobuf from "protobufjs/light.js";
import { ProtobufReader } from "../src/protobuf-reader.ts";

const { Writer } = protobuf;

describe("protobuf reader", () => {
  it("reads numbers as protobufjs writes them", () => {
    const int64 = fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }).map(Number);
    fc.assert(
      fc.property(int64, fc.integer(), fc.float(), fc.double(), (long, integer, single, double) => {
        const bytes = new Writer()
          .uint32(0x08)
          .int64(long)
          .uint32(0x10)
          .int32(integer)
          .uint32(0x1d)
          .float(single)
          .uint32(0x21)
          .double(double)
          .finish();
        const read: number[] = [];
        new ProtobufReader(bytes).message({
          1: (field) => read.push(field.int64()),
          2: (field) => read.push(field.int32()),
          3: (field) => read.push(field.float()),
          4: (field) => read.push(field.double()),
        });
        expect(read).to.deep.equal([long, integer, single, double]);
      }),
    );
  });

  it("reads repeated numbers packed and alone, mixed", () => {
    const packed = new Writer().uint32(0x0a).fork().int64(-1).int64(300).ldelim().uint32(0x08).int64(7).finish();
    const read: number[] = [];
    new ProtobufReader(packed).message({ 1: (field) => field.numbers("int64", read) });
    expect(read).to.deep.equal([-1, 300, 7]);
  });

  it("skips fields that nobody reads, of every kind", () => {
    const writer = new Writer().uint32(0x78).int64(-5).uint32(0x7d).float(1).uint32(0x79).double(2);
    const bytes = writer.uint32(0x7a).string("skipped").uint32(0x0a).string("\ufeffread").finish();
    let text = "";
    new ProtobufReader(bytes).message({ 1: (field) => (text = field.text()) });
    expect(text).to.equal("\ufeffread");
  });

  const wrong: [string, number[], RegExp][] = [
    ["a length beyond the end", [0x0a, 5, 1], /cut off/],
    ["a length that takes 64 bits", [0x0a, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], /cut off/],
    ["a number without an end", [0x08, ...Array.from({ length: 11 }, () => 255)], /more than ten bytes/],
    ["a number that is cut off", [0x08, 255], /cut off/],
    ["the field number 0", [0x00, 0], /number 0/],
    ["a group", [0x0b], /wire type 3/],
    ["text as a number", [0x08, 1], /wire type 0/],
  ];
  for (const [what, bytes, message] of wrong) {
    it(`refuses ${what}`, () => {
      const read = () => new ProtobufReader(Uint8Array.from(bytes)).message({ 1: (field) => void field.text() });
      const skip = () => new ProtobufReader(Uint8Array.from(bytes)).message({});
      expect(read).to.throw(RangeError);
      expect(what === "text as a number" ? read : skip).to.throw(RangeError, message);
    });
  }
});
