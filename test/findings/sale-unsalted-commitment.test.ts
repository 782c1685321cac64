import { sha256 } from "@noble/hashes/sha2.js";
import { fieldToBytes, integerToBytes, reduce } from "@zkcmp/field/element";
import { poseidon } from "@zkcmp/field/poseidon";
import { createNetwork, parametersInSealingOrder } from "@zkcmp/network/network";
import { encodeBundle } from "@zkcmp/sale/bundle";
import { DOMAIN } from "@zkcmp/sale/domains";
import { toHex } from "@zkcmp/sale/hex";
import { sealNetwork } from "@zkcmp/sale/seal";
import { expect } from "chai";
import { createDeal, type FixtureDeal, networkOf, SHAPE, testSetFor } from "../../packages/sale/test/fixture.ts";

/** Every long hexadecimal value of a published bundle, as an integer, but for zeros, which stand for "none". */
function publishedValues(deal: FixtureDeal): Set<bigint> {
  const values = [...encodeBundle(deal.bundle).matchAll(/0x[0-9a-f]{40,}/g)].map(([hex]) => BigInt(hex));
  return new Set(values.filter((value) => value !== 0n));
}

/**
 * The attack: a published value is a function of one weight alone, say its hash, or an initialisation vector derived
 * from it. A weight has at most 2^16 values, so whoever has the bundle tries them all and reads the model without a key.
 * Refused because no weight enters anything but the ciphertext, whose pad comes from a key that is drawn for each seal.
 */
describe("finding: unsalted commitment to a weight", function () {
  this.timeout(60_000);

  const network = networkOf({ ...SHAPE, weightBits: 16 });

  it("matches no value of a weight, hashed in any of our ways, with any published value", async () => {
    const published = publishedValues(await createDeal({ network, testSet: testSetFor(network) }));
    expect(published.size).to.be.above(15);
    const digests: ((weight: number) => bigint)[] = [
      (weight) => BigInt(weight),
      (weight) => reduce(-BigInt(weight)),
      (weight) => BigInt(toHex(sha256(integerToBytes(BigInt(weight), 2)))),
      (weight) => BigInt(toHex(sha256(fieldToBytes(reduce(BigInt(weight)))))),
      (weight) => BigInt(toHex(sha256(new TextEncoder().encode(String(weight))))),
    ];
    const matches: number[] = [];
    for (let weight = 0; weight < 2 ** 16; weight++) {
      const values = digests.map((digest) => digest(weight));
      if (values.some((value) => published.has(value) || published.has(reduce(value)))) matches.push(weight);
    }
    expect(matches).to.deep.equal([]);
  });

  it("matches no weight of the model, hashed by Poseidon under any tag, with any published value", async () => {
    const published = publishedValues(await createDeal({ network, testSet: testSetFor(network) }));
    for (const weight of new Set(parametersInSealingOrder(network))) {
      for (const value of [reduce(BigInt(weight)), reduce(BigInt(weight) + 2n ** 15n)]) {
        for (const tag of Object.values(DOMAIN)) expect(published.has(poseidon([value], tag))).to.equal(false);
      }
    }
  });

  it("gives equal weights different words of the ciphertext", async () => {
    const { order } = await createDeal();
    const constant = createNetwork(
      {
        ...SHAPE,
        layers: [
          { ...SHAPE.layers[0]!, outputs: 60 },
          { ...SHAPE.layers[1]!, inputs: 60 },
        ],
      },
      [
        { weights: new Array<number>(240).fill(-7), biases: new Array<number>(60).fill(-7) },
        { weights: new Array<number>(180).fill(-7), biases: new Array<number>(3).fill(-7) },
      ],
      [1, 1],
    );
    const { ciphertext } = sealNetwork(constant, order).seal;
    const steps = ciphertext.slice(1).map((word, i) => reduce(word - ciphertext[i]!));
    expect(ciphertext).to.have.lengthOf(16);
    expect(new Set([...ciphertext, ...steps]).size).to.equal(31);
  });

  it("shares no value between two seals of one model for one order", async () => {
    const { order } = await createDeal();
    const [one, two] = [sealNetwork(network, order).seal, sealNetwork(network, order).seal];
    const values = [one, two].flatMap(({ ciphertext, ...fixed }) => [...ciphertext, ...Object.values(fixed)]);
    expect(new Set(values).size).to.equal(values.length);
    // Word by word the two pads differ, so the ciphertexts differ by more than a constant.
    const steps = one.ciphertext.map((word, i) => reduce(word - two.ciphertext[i]!));
    expect(new Set(steps).size).to.equal(steps.length);
  });

  it("shares no value between two whole deals but accounts and key files", async () => {
    const testSet = testSetFor(network);
    const [one, two] = [await createDeal({ network, testSet }), await createDeal({ network, testSet })];
    const common = [...publishedValues(one)].filter((value) => publishedValues(two).has(value));
    const { escrow, buyer } = one.order;
    const expected = [escrow, buyer, one.bundle.seller, ...Object.values(one.core.keyFiles)].map(BigInt);
    expect(common).to.have.members(expected);
  });
});
