import { inspect } from "node:util";
import { FIELD_ORDER, reduce, toFieldElement } from "@zkcmp/field/element";
import { createNetwork, networkFromParameters, parametersInSealingOrder } from "@zkcmp/network/network";
import { decodeBundle, encodeBundle } from "@zkcmp/sale/bundle";
import { bindingSecret, createX25519KeyPair, x25519KeyPairOf } from "@zkcmp/sale/buyer-key";
import { decrypt, encrypt } from "@zkcmp/sale/ciphertext";
import { fieldSchema, fieldToHex, fromHex, type Hex, hexSchema } from "@zkcmp/sale/hex";
import { checkNonce, checkSample, claimRows, createNonce, openSample, sampleClaimSchema } from "@zkcmp/sale/sampling";
import { cipherKeyOf, openBinding, sealNetwork, unsealNetwork } from "@zkcmp/sale/seal";
import { checkTestSet, commitTestSet, createTestSetSalt } from "@zkcmp/sale/test-set-commitment";
import { verifyBundle } from "@zkcmp/sale/verification";
import { expect } from "chai";
import { createDeal, type FixtureDeal } from "../../packages/sale/test/fixture.ts";

/** The shortest run of a secret's digits that counts as showing it. */
const RUN = 10;

/** Hexadecimal and decimal digits of a secret. */
function digitsOf(secret: bigint | Hex): string[] {
  return [BigInt(secret).toString(), (typeof secret === "bigint" ? fieldToHex(reduce(secret)) : secret).slice(2)];
}

/** Whether a run of a secret's digits stands in the text. */
function shows(text: string, secret: bigint | Hex): boolean {
  return digitsOf(secret).some((digits) =>
    Array.from({ length: Math.max(0, digits.length - RUN + 1) }, (_, i) => digits.slice(i, i + RUN)).some(
      (run) => /[^0]/.test(run) && text.toLowerCase().includes(run),
    ),
  );
}

/**
 * The attack: an error message quotes the value that was wrong: half a private key that was pasted badly, the k that does
 * not open, the parameter that does not fit. Messages end up in logs, bug reports and screenshots.
 * Refused because our errors name the input and never the value. This test provokes every error of the package that has a
 * secret at hand and looks for it in message, stack and everything that hangs on the error.
 */
describe("finding: secrets in errors", function () {
  this.timeout(60_000);

  let deal: FixtureDeal;
  let secrets: (bigint | Hex)[];

  before(async () => {
    deal = await createDeal({ order: { sampledRows: 6 } });
    const { key, opening, secret } = deal.secrets;
    const { privateKey } = deal.buyerKeys;
    secrets = [key, opening, secret, cipherKeyOf(key, secret), privateKey, deal.testSetSalt, deal.nonce];
    secrets.push(...deal.claim!.salts);
  });

  const inspected = (error: unknown): string =>
    [inspect(error, { depth: 8, showHidden: true, maxStringLength: null, maxArrayLength: null }), String(error)]
      .concat(error instanceof Error ? [error.message, error.stack ?? "", inspect(error.cause)] : [])
      .join("\n");

  async function expectSilentFailure(name: string, attempt: () => unknown): Promise<void> {
    let error: unknown;
    let failed = false;
    try {
      await attempt();
    } catch (caught) {
      [error, failed] = [caught, true];
    }
    expect(failed, `${name} did not fail`).to.equal(true);
    const text = inspected(error);
    for (const secret of secrets) expect(shows(text, secret), `${name} shows a secret`).to.equal(false);
  }

  it("is a search that finds a secret where there is one", () => {
    const { key } = deal.secrets;
    const { privateKey } = deal.buyerKeys;
    expect(shows(`no such key: ${key}`, key)).to.equal(true);
    expect(shows(`key ${fieldToHex(key).slice(30, 45)}...`, key)).to.equal(true);
    expect(shows(inspected(Object.assign(new Error("bad"), { value: privateKey })), privateKey)).to.equal(true);
    expect(shows(inspected(new Error("bad", { cause: new Error(privateKey) })), privateKey)).to.equal(true);
    expect(shows("the key does not open the commitment E", key)).to.equal(false);
  });

  it("keys: malformed, too short, too long, or with a public key of small order", async () => {
    const { privateKey } = deal.buyerKeys;
    const keys = { ephemeralKey: deal.core.ephemeralKey, buyerKey: deal.order.buyerKey };
    const weak = { ...keys, ephemeralKey: `0x${"00".repeat(32)}` as Hex };
    const malformed = [
      privateKey.slice(0, -2),
      `${privateKey}00`,
      `${privateKey.slice(0, -1)}g`,
      `${privateKey.slice(0, -2)} \n`,
      privateKey.slice(0, -1),
    ] as Hex[];
    for (const key of malformed) {
      await expectSilentFailure("public key of a malformed key", () => x25519KeyPairOf(key));
      await expectSilentFailure("binding secret of a malformed key", () =>
        bindingSecret(key, keys, deal.core.orderHash),
      );
      await expectSilentFailure("schema of a malformed key", () => hexSchema(32).parse(key));
      await expectSilentFailure("opening with a malformed key", () => openBinding(deal.core, deal.order, key));
      await expectSilentFailure("verifying with a malformed key", () =>
        verifyBundle({ ...deal.inputs, buyerPrivateKey: key }),
      );
    }
    await expectSilentFailure("small order", () => bindingSecret(privateKey, weak, deal.core.orderHash));
    await expectSilentFailure("odd hexadecimal", () => fromHex(privateKey.slice(0, -1) as Hex));
  });

  it("field elements: k, d or s outside the field or malformed", async () => {
    for (const secret of Object.values(deal.secrets)) {
      await expectSilentFailure("too large", () => toFieldElement(secret + FIELD_ORDER));
      await expectSilentFailure("negative", () => toFieldElement(0n - secret, "the key"));
      const hex = fieldToHex(secret);
      for (const value of [
        secret.toString(),
        hex.slice(2),
        hex.slice(0, -1),
        `${hex}0`,
        `${hex.slice(0, -1)}z`,
        { hex },
      ]) {
        await expectSilentFailure("schema", () => fieldSchema.parse(value));
      }
    }
  });

  it("seals: every way in which opening one fails", async () => {
    const { core, order, seal, network } = deal;
    const { key, opening, secret } = deal.secrets;
    const { privateKey } = deal.buyerKeys;
    const open = (...[c, pk, k, d]: [typeof seal.ciphertext, Hex, typeof key, typeof opening]): unknown =>
      unsealNetwork(core, order, c, pk, k, d);
    const { ciphertext } = seal;
    const other = createX25519KeyPair().privateKey;
    await expectSilentFailure("another ciphertext", () => open(ciphertext.slice(1), privateKey, key, opening));
    await expectSilentFailure("key and opening exchanged", () => open(ciphertext, privateKey, opening, key));
    await expectSilentFailure("the secret for the key", () => open(ciphertext, privateKey, secret, opening));
    await expectSilentFailure("another private key", () => open(ciphertext, other, key, opening));
    await expectSilentFailure("decrypting with k", () =>
      decrypt(ciphertext, parametersInSealingOrder(network).length, 8, key),
    );
    await expectSilentFailure("decrypting too little", () => decrypt(ciphertext, 1000, 8, cipherKeyOf(key, secret)));
    const weak = { ...order, buyerKey: `0x${"00".repeat(32)}` as Hex };
    await expectSilentFailure("sealing for a weak key", () => sealNetwork(network, weak));
  });

  it("parameters: too large, too many, or not integers", async () => {
    // A weight of its own digits, so that it can be found: larger than any the network takes.
    const weight = 1_987_654_321;
    const before = secrets;
    secrets = [...secrets, BigInt(weight)];
    const { shape, scales } = deal.network;
    const parameters = parametersInSealingOrder(deal.network);
    const wrong = parameters.with(3, weight);
    await expectSilentFailure("encrypting", () => encrypt(wrong, 8, deal.secrets.key));
    await expectSilentFailure("building", () => networkFromParameters(shape, scales, wrong));
    await expectSilentFailure("building from more", () => networkFromParameters(shape, scales, [...wrong, weight]));
    await expectSilentFailure("creating", () =>
      createNetwork(
        shape,
        [
          { weights: [weight], biases: [weight] },
          { weights: [], biases: [] },
        ],
        scales,
      ),
    );
    secrets = before;
  });

  it("samples: too few right rows, a claim or a nonce that does not fit", async () => {
    const { claim, order, dealId, nonce, bundle } = deal;
    await expectSilentFailure("too few", () => claimRows([true, false], 2));
    await expectSilentFailure("nonce for another order", () =>
      checkNonce({ ...order, nonceCommitment: deal.core.orderHash }, nonce),
    );
    await expectSilentFailure("opening another order", () =>
      openSample(claim!, { ...order, nonceCommitment: deal.core.orderHash }, dealId, nonce),
    );
    await expectSilentFailure("damaged claim", () =>
      openSample({ ...claim!, root: createNonce() }, order, dealId, nonce),
    );
    for (const change of [
      { salts: claim!.salts.with(0, `${claim!.salts[0]!}0`) },
      { ranks: ["x"] },
      { extra: claim!.salts },
    ]) {
      await expectSilentFailure("claim schema", () => sampleClaimSchema.parse({ ...claim!, ...change }));
    }
    await expectSilentFailure("damaged opening", () =>
      checkSample(order, dealId, { ...bundle.sampling!, openings: bundle.sampling!.openings.slice(1) }),
    );
  });

  it("test sets: a salt that is malformed or another's", async () => {
    const { testSet, testSetSalt, order } = deal;
    await expectSilentFailure("malformed salt", () => commitTestSet(testSet, `${testSetSalt.slice(0, -1)}g` as Hex));
    await expectSilentFailure("cut salt", () => checkTestSet(order, testSet, testSetSalt.slice(0, -2) as Hex));
    await expectSilentFailure("another salt", () => checkTestSet(order, testSet, createTestSetSalt()));
    const { inputs } = await createDeal();
    await expectSilentFailure("verifying with it", () => verifyBundle({ ...inputs, testSetSalt }));
  });

  it("bundles: a secret that was put into one by mistake is not quoted when it is refused", async () => {
    const { key } = deal.secrets;
    const file = JSON.parse(encodeBundle(deal.bundle)) as { content: Record<string, unknown> };
    const texts = [
      JSON.stringify({ ...file, key: fieldToHex(key) }),
      JSON.stringify({ ...file, content: { ...file.content, key: fieldToHex(key) } }),
      JSON.stringify({ ...file, content: { ...file.content, dealId: key.toString() } }),
      JSON.stringify({ ...file, sha256: deal.buyerKeys.privateKey.slice(2) }),
      `${fieldToHex(key)}`,
      `{"key": "${fieldToHex(key)}`,
    ];
    for (const text of texts) await expectSilentFailure("reading", () => decodeBundle(text));
  });
});
