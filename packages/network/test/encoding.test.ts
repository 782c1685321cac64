import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import {
  createEncoding,
  encodeRow,
  encodedWidth,
  encodingFromJson,
  encodingToJson,
  fitEncoding,
  foldEncoding,
  foldNormalisation,
  identityEncoding,
  imageEncoding,
  readEncoding,
  writeEncoding,
} from "../src/encoding.ts";
import { createFloatNetwork, floatOutputs } from "../src/float-network.ts";
import { thrown } from "./thrown.ts";

const network = createFloatNetwork([
  { inputs: 2, outputs: 2, weights: [1, -2, 0.5, 3], biases: [0.1, -0.2], activation: "relu" },
  { inputs: 2, outputs: 2, weights: [1, -1, -1, 1], biases: [0, 0.3], activation: "none" },
]);

describe("encoding", () => {
  it("maps each feature's range to all of its bits", () => {
    const encoding = fitEncoding(
      [
        [-1, 10],
        [3, 20],
        [1, 11],
      ],
      8,
    );
    expect([...encodeRow(encoding, [-1, 10])]).to.deep.equal([0, 0]);
    expect([...encodeRow(encoding, [3, 20])]).to.deep.equal([255, 255]);
    expect([...encodeRow(encoding, [1, 11])]).to.deep.equal([128, 26]);
  });

  it("clips what lies outside", () => {
    const encoding = fitEncoding([[-1], [3]], 4);
    expect([...encodeRow(encoding, [-1e300])]).to.deep.equal([0]);
    expect([...encodeRow(encoding, [1e300])]).to.deep.equal([15]);
  });

  it("makes a feature that never changes 0", () => {
    expect([...encodeRow(fitEncoding([[5], [5]], 8), [5])]).to.deep.equal([0]);
  });

  it("keeps every encoded row inside the input bits", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number), { minLength: 1 }),
        fc.integer({ min: 1, max: 16 }),
        (rows, bits) => {
          const encoding = fitEncoding(rows, bits);
          for (const row of rows) for (const value of encodeRow(encoding, row)) expect(value).to.be.lessThan(2 ** bits);
        },
      ),
    );
  });

  it("leaves pixels as they are, or takes the mean of 2x2 blocks", () => {
    const image = [0, 255, 1, 2, 255, 255, 3, 4];
    expect([...encodeRow(imageEncoding(2, 4, { pool: false }), image)]).to.deep.equal(image);
    expect([...encodeRow(identityEncoding(8, 8), image)]).to.deep.equal(image);
    // 765 / 4 = 191.25 and 10 / 4 = 2.5, which rounds up.
    expect([...encodeRow(imageEncoding(2, 4, { pool: true }), image)]).to.deep.equal([191, 3]);
    expect(encodedWidth(imageEncoding(28, 28, { pool: true }))).to.equal(196);
  });

  it("pools blocks in row-major order", () => {
    const image = Array.from({ length: 16 }, (_, at) => 4 * Math.floor(at / 4 / 2) + 2 * Math.floor((at % 4) / 2));
    expect([...encodeRow(imageEncoding(4, 4, { pool: true }), image)]).to.deep.equal([0, 2, 4, 6]);
  });

  it("folds into the network on raw features", () => {
    const encoding = fitEncoding(
      [
        [-1, 10],
        [3, 20],
      ],
      16,
    );
    const folded = foldEncoding(network, encoding);
    for (const row of [
      [0.3, 12],
      [-0.9, 19],
      [2, 15],
    ]) {
      const expected = floatOutputs(network, row);
      floatOutputs(folded, encodeRow(encoding, row)).forEach((value, j) =>
        expect(value).to.be.closeTo(expected[j] as number, 1e-3),
      );
    }
  });

  it("folds the normalisation that a network was trained with", () => {
    const raw = foldNormalisation(network, [2, 3], [4, 5]);
    expect([...floatOutputs(raw, [10, -7])]).to.deep.equal([...floatOutputs(network, [2, -2])]);
    const pixels = foldNormalisation(network, [0], [255]);
    const expected = floatOutputs(network, [1, 0.2]);
    floatOutputs(pixels, [255, 51]).forEach((value, j) => expect(value).to.be.closeTo(expected[j] as number, 1e-12));
  });

  it("comes back from JSON and from its file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "zkcmp-encoding-"));
    for (const encoding of [
      fitEncoding(
        [
          [-1, 0.1],
          [3, 0.3],
        ],
        12,
      ),
      imageEncoding(28, 28, { pool: true }),
    ]) {
      expect(encodingFromJson(JSON.parse(JSON.stringify(encodingToJson(encoding))))).to.deep.equal(encoding);
      await writeEncoding(join(folder, "encoding.json"), encoding);
      expect(await readEncoding(join(folder, "encoding.json"))).to.deep.equal(encoding);
    }
    await rm(folder, { recursive: true });
  });

  it("refuses encodings that contradict themselves", () => {
    const plain = identityEncoding(4, 8);
    const refuse = (change: object, message: RegExp): void => {
      expect(thrown(() => createEncoding({ ...plain, ...change })).message).to.match(message);
      const json = { ...(encodingToJson(plain) as object), ...change };
      expect(thrown(() => encodingFromJson(JSON.parse(JSON.stringify(json)))).message).to.match(/encoding|pooling/);
    };
    refuse({ inputBits: 17 }, /inputBits 17/);
    refuse({ features: 0 }, /0 features/);
    refuse({ offsets: [1, 2] }, /2 offsets for 4 features/);
    refuse({ scales: [1, 2, 3] }, /3 scales for 4 features/);
    refuse({ scales: [0] }, /scales must be finite and positive/);
    refuse({ scales: [-1] }, /scales must be finite and positive/);
    refuse({ offsets: [Infinity] }, /offsets must be finite/);
    refuse({ pooling: { step: "mean-pool-2x2", height: 1, width: 4 } }, /2x2 pooling of 1x4 images/);
    refuse({ pooling: { step: "mean-pool-2x2", height: 4, width: 4 } }, /does not fit rows of 4 features/);
    expect(thrown(() => encodingFromJson({ ...(encodingToJson(plain) as object), version: 2 })).message).to.match(
      /version/,
    );
  });

  it("refuses rows that do not fit", () => {
    expect(thrown(() => encodeRow(identityEncoding(2, 8), [1])).message).to.match(/1 features, not 2/);
    expect(thrown(() => encodeRow(identityEncoding(2, 8), [1, NaN])).message).to.match(
      /feature 2 is not a finite number/,
    );
    expect(thrown(() => fitEncoding([[1, 2], [1]], 8)).message).to.match(/Row 2 has 1 features/);
    expect(thrown(() => fitEncoding([], 8)).message).to.match(/0 features/);
  });
});
