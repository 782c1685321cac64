import { expect } from "chai";
import {
  type Code,
  flatten,
  name,
  signedNumber,
  sized,
  unsignedNumber,
  vector,
} from "../../../src/kernels/wasm/encoding.ts";

const bytes = (code: Code) => [...flatten(code)];

describe("encoding of WebAssembly", () => {
  it("writes LEB128 as the specification's examples do", () => {
    expect(unsignedNumber(0)).to.deep.equal([0]);
    expect(unsignedNumber(127)).to.deep.equal([0x7f]);
    expect(unsignedNumber(624485)).to.deep.equal([0xe5, 0x8e, 0x26]);
    expect(unsignedNumber(2 ** 32 - 1)).to.deep.equal([0xff, 0xff, 0xff, 0xff, 0x0f]);
    expect(signedNumber(63n)).to.deep.equal([0x3f]);
    expect(signedNumber(64n)).to.deep.equal([0xc0, 0x00]);
    expect(signedNumber(-64n)).to.deep.equal([0x40]);
    expect(signedNumber(-123456n)).to.deep.equal([0xc0, 0xbb, 0x78]);
  });

  it("counts vectors, names and sections", () => {
    expect(bytes(vector([[1, 2], 3]))).to.deep.equal([2, 1, 2, 3]);
    expect(bytes(name("é"))).to.deep.equal([2, 0xc3, 0xa9]);
    expect(bytes(sized([[1, [2]], 3]))).to.deep.equal([3, 1, 2, 3]);
    expect(bytes(sized(new Uint8Array(5000).fill(7))).slice(0, 3)).to.deep.equal([0x88, 0x27, 7]);
  });
});
