import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { pairIdx, parseIdxImages, parseIdxLabels, readIdx } from "../src/idx.ts";
import { rejected, thrown } from "./thrown.ts";

function idx(magic: number, dimensions: readonly number[], data: readonly number[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * dimensions.length));
  header.setUint32(0, magic);
  dimensions.forEach((size, i) => header.setUint32(4 + 4 * i, size));
  return Uint8Array.of(...new Uint8Array(header.buffer), ...data);
}

const images = idx(0x803, [2, 2, 3], [1, 2, 3, 4, 5, 6, 255, 8, 9, 10, 11, 12]);
const labels = idx(0x801, [2], [9, 0]);

describe("idx", () => {
  for (const [how, pack] of [
    ["plain", (bytes: Uint8Array): Uint8Array => bytes],
    ["gzipped", (bytes: Uint8Array): Uint8Array => gzipSync(bytes)],
  ] as const) {
    it(`reads ${how} images and labels`, async () => {
      const { height, width, images: found } = await parseIdxImages(pack(images), "images");
      expect([height, width]).to.deep.equal([2, 3]);
      expect(found.map((image) => [...image])).to.deep.equal([
        [1, 2, 3, 4, 5, 6],
        [255, 8, 9, 10, 11, 12],
      ]);
      expect([...(await parseIdxLabels(pack(labels), "labels"))]).to.deep.equal([9, 0]);
    });

    it(`refuses ${how} files cut off at every byte`, async () => {
      for (const [bytes, parse] of [
        [pack(images), parseIdxImages],
        [pack(labels), parseIdxLabels],
      ] as const) {
        for (let length = 0; length < bytes.length; length++) {
          expect((await rejected(parse(bytes.subarray(0, length), "a.idx"))).message).to.match(
            /^a\.idx (is cut off|is not a whole)/,
          );
        }
      }
    });
  }

  it("reads any file that it describes", async () => {
    const sizes = fc.record({
      count: fc.integer({ min: 1, max: 5 }),
      height: fc.integer({ min: 1, max: 4 }),
      width: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.uint8Array({ minLength: 80, maxLength: 80 }),
        async ({ count, height, width }, data) => {
          const pixels = [...data.subarray(0, count * height * width)];
          const parsed = await parseIdxImages(idx(0x803, [count, height, width], pixels), "images");
          expect(parsed.images.flatMap((image) => [...image])).to.deep.equal(pixels);
          expect(parsed.images).to.have.length(count);
        },
      ),
    );
  });

  it("reads a file that does not start its buffer", async () => {
    const padded = new Uint8Array(images.length + 3);
    padded.set(images, 3);
    expect((await parseIdxImages(padded.subarray(3), "images")).height).to.equal(2);
  });

  it("names what is wrong", async () => {
    expect((await rejected(parseIdxImages(Uint8Array.of(...images, 0), "a"))).message).to.match(
      /too long: it has 29 bytes, .* asks for 28/,
    );
    expect((await rejected(parseIdxImages(idx(0x802, [1, 1], [1, 1, 1, 1, 1]), "a"))).message).to.match(
      /magic number 0x00000802/,
    );
    expect((await rejected(parseIdxImages(idx(0x801, [4], [1, 2, 3, 4, 5, 6, 7, 8]), "a"))).fix).to.match(
      /interchanged/,
    );
    expect((await rejected(parseIdxLabels(images, "a"))).fix).to.match(/interchanged/);
    expect((await rejected(parseIdxLabels(idx(0x801, [2], [3, 10]), "a"))).message).to.match(/label 2 is 10/);
    expect((await rejected(parseIdxLabels(idx(0x801, [2], [2, 1]), "a", 2))).message).to.match(/label 1 is 2/);
    expect((await rejected(parseIdxLabels(idx(0x801, [0], []), "a"))).message).to.match(/is empty/);
    expect(
      (await rejected(parseIdxImages(idx(0x803, [0xffffffff, 0xffffffff, 0xffffffff], []), "a"))).message,
    ).to.match(/cut off/);
    const parsed = await parseIdxImages(images, "a");
    expect(thrown(() => pairIdx(parsed, Uint8Array.of(1))).message).to.match(/2 images and 1 labels/);
  });

  it("reads a pair of files", async () => {
    const folder = await mkdtemp(join(tmpdir(), "zkcmp-idx-"));
    const [imagesPath, labelsPath] = [join(folder, "images"), join(folder, "labels")];
    await writeFile(imagesPath, gzipSync(images));
    expect((await rejected(readIdx(imagesPath, labelsPath))).message).to.contain(`Cannot read ${labelsPath}`);
    await writeFile(labelsPath, labels);
    const pair = await readIdx(imagesPath, labelsPath);
    expect([pair.images.length, ...pair.labels]).to.deep.equal([2, 9, 0]);
    await rm(folder, { recursive: true });
  });
});
