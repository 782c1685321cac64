import { gzipSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { gunzip, isGzip } from "../src/gzip.ts";

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("gzip", function () {
  this.timeout(60_000);
  it("unpacks what was packed, in one piece or many", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 1000 }), fc.integer({ min: 1, max: 100 }), async (part, times) => {
        const bytes = Uint8Array.from({ length: part.length * times }, (_, i) => part[i % part.length]! ^ (i >> 7));
        const packed = gzipSync(bytes);
        expect(isGzip(packed)).to.equal(true);
        expect(Buffer.compare(await gunzip(packed, bytes.length), bytes)).to.equal(0);
      }),
      { numRuns: 40 },
    );
  });

  it("takes packed files of more than one piece", async () => {
    let state = 1;
    const noise = Uint8Array.from({ length: 100_000 }, () => (state = (state * 48_271) % 0x7fffffff) >> 8);
    expect(Buffer.compare(await gunzip(gzipSync(noise), noise.length), noise)).to.equal(0);
  });

  it("refuses a file cut off anywhere, or with one bit changed in its checksum", async () => {
    const packed = gzipSync(Uint8Array.of(1, 2, 3, 4, 5));
    for (let length = 2; length < packed.length; length++) {
      expect(await failure(gunzip(packed.subarray(0, length), 100)), `${length}`).to.be.instanceOf(TypeError);
    }
    const changed = Uint8Array.from(packed);
    changed[packed.length - 8]! ^= 1;
    expect(await failure(gunzip(changed, 100))).to.be.instanceOf(TypeError);
  });

  it("stops at the limit, however much is packed", async () => {
    const bomb = gzipSync(new Uint8Array(1 << 26));
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers - before)), 0);
    expect(await failure(gunzip(bomb, 1 << 20))).to.be.instanceOf(RangeError);
    clearInterval(watch);
    expect(most).to.be.lessThan(1 << 26);
    expect((await gunzip(bomb, 1 << 26)).length).to.equal(1 << 26);
  });
});
