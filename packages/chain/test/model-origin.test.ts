import { toFieldElement } from "@zkcmp/field/element";
import { networkFromParameters, parametersInSealingOrder } from "@zkcmp/network/network";
import { encodingDigest } from "@zkcmp/sale/encoding-digest";
import { commitModel } from "@zkcmp/sale/model-commitment";
import { ZERO_DIGEST } from "@zkcmp/sale/order";
import { roundBounds } from "@zkcmp/shapley/bounds";
import { networkEncodingOf, type SampleEncoding, targetScale } from "@zkcmp/shapley/sample-encoding";
import { modelOf } from "@zkcmp/shapley/trained-model";
import { expect } from "chai";
import { modelOfRound, modelOrigin, type SoldModel } from "../src/model-origin.ts";
import type { RoundFile } from "../src/rounds/round-file.ts";
import { ENCODING, SHAPE } from "./rounds/fixture.ts";

const M_SALT = toFieldElement(42n);
const ROUND = { roundId: 0x12n, shape: SHAPE, encoding: ENCODING } as RoundFile;

const network = modelOf(SHAPE, [[3n << 30n], [5n << 34n]], targetScale(ENCODING));
const modelCommitment = commitModel(network, M_SALT);
const trained = modelOfRound(ROUND, modelCommitment);
/** As a core names the network that `round prove` has written. */
const sold: SoldModel = {
  modelCommitment,
  shape: network.shape,
  reading: network.reading ?? null,
  scales: network.scales,
  encodingDigest: ZERO_DIGEST,
};

describe("the origin of a model", () => {
  it("is the round whose own network is sold", () => {
    expect(modelOrigin(sold, trained)).to.match(/^the model sold is the model trained in the round 0x0+/);
    const { halfRange } = roundBounds(SHAPE);
    expect(trained.reading).to.deep.equal({ multiplier: 2 ** 10, offset: Number(halfRange) });
  });

  it("is that round with its own encoding of raw rows, or with none named", () => {
    const encodingOut = encodingDigest(networkEncodingOf(ENCODING));
    expect(modelOrigin({ ...sold, encodingDigest: encodingOut }, trained)).to.not.equal(null);
    const shifted = { ...ENCODING, features: [{ name: "x", offset: 1, scale: 1 }] };
    const other = encodingDigest(networkEncodingOf(shifted));
    expect(modelOrigin({ ...sold, encodingDigest: other }, trained)).to.equal(null);
  });

  it("is unknown without a round, for another M, and where there is no M", () => {
    const none = toFieldElement(0n);
    expect(modelOrigin(sold, null)).to.equal(null);
    expect(modelOrigin({ ...sold, modelCommitment: toFieldElement(7n) }, trained)).to.equal(null);
    // A round that has none does not stand for a sale that has none.
    expect(modelOrigin({ ...sold, modelCommitment: none }, { ...trained, modelCommitment: none })).to.equal(null);
  });

  it("is unknown for another shape that has the same M: the commitment is to numbers", () => {
    const layer = network.shape.layers[0]!;
    const shape = { ...network.shape, layers: [{ ...layer, biasShift: 0 }] };
    const other = networkFromParameters(shape, network.scales, parametersInSealingOrder(network), network.reading);
    expect(commitModel(other, M_SALT)).to.equal(modelCommitment);
    expect(modelOrigin({ ...sold, shape }, trained)).to.equal(null);
  });

  it("is unknown for another reading: the same outputs then predict something else", () => {
    const { multiplier, offset } = sold.reading!;
    for (const reading of [{ multiplier: multiplier / 4, offset }, { multiplier, offset: 0 }, null]) {
      expect(modelOrigin({ ...sold, reading }, trained)).to.equal(null);
    }
  });

  it("is unknown for other scales: in real units these are other predictions", () => {
    for (const scales of [[2 * sold.scales[0]!], [], [...sold.scales, 1]]) {
      expect(modelOrigin({ ...sold, scales }, trained)).to.equal(null);
    }
  });

  it("of a classifier has no reading, and the scales of its classes", () => {
    const target = { kind: "classes", name: "y", classes: ["a", "b"], priors: [0.5, 0.5] } as const;
    const encoding: SampleEncoding = { ...ENCODING, target };
    const shape = { ...SHAPE, outputs: 2 };
    const coefficients = [
      [1n << 30n, 2n << 30n],
      [3n << 30n, 4n << 30n],
    ];
    const classifier = modelOf(shape, coefficients, targetScale(encoding));
    const origin = modelOfRound({ ...ROUND, shape, encoding }, modelCommitment);
    const { scales } = classifier;
    expect(modelOrigin({ ...sold, shape: classifier.shape, reading: null, scales }, origin)).to.not.equal(null);
    expect(modelOrigin({ ...sold, shape: classifier.shape, scales }, origin)).to.equal(null);
  });
});
