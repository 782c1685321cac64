import { createHash } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { rejected, thrown } from "../../network/test/thrown.ts";
import { type Bundle, BundleError, canonicalJson, decodeBundle, encodeBundle } from "../src/bundle.ts";
import type { Hex } from "../src/hex.ts";
import { verifyBundle } from "../src/verification.ts";
import { createDeal, type FixtureDeal, networkOf, SHAPE, testSetFor } from "./fixture.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];
interface File {
  format: Json;
  version: Json;
  sha256: Json;
  content: Json;
}

/** Every value in a JSON value, with its path, the value itself left out. */
function* valuesIn(json: Json, path: Path = []): Generator<[Path, Json]> {
  if (typeof json !== "object" || json === null) return;
  for (const [key, value] of Object.entries(json)) {
    const at = [...path, Array.isArray(json) ? Number(key) : key];
    yield [at, value];
    yield* valuesIn(value, at);
  }
}

/** A copy in which the value at the path is replaced; undefined removes it. */
function replaced(json: Json, [key, ...rest]: Path, value: Json | undefined): Json {
  const inner = (old: Json): Json | undefined => (rest.length === 0 ? value : replaced(old, rest, value));
  if (Array.isArray(json)) {
    const items = json.map((old, i) => (i === key ? inner(old) : old));
    return items.filter((item) => item !== undefined);
  }
  const object = json as Record<string, Json>;
  return JSON.parse(JSON.stringify({ ...object, [key!]: inner(object[key!]!) })) as Json;
}

/** Other values of the same kind, so that the schema alone does not refuse them, and some of another kind. */
function others(value: Json): Json[] {
  return [...variantsOf(value), null, true, {}, [], "", "x"].filter(
    (other) => JSON.stringify(other) !== JSON.stringify(value),
  );
}

function variantsOf(value: Json): Json[] {
  if (typeof value === "number") return [value + 1, value - 1, value / 3, -value];
  if (Array.isArray(value))
    return [
      [...value, ...(value.length > 0 ? [value[0]!] : [])],
      [...value, 0],
    ];
  if (typeof value !== "string") return [];
  if (/^[0-9]+$/.test(value)) return [String(BigInt(value) + 1n), `0${value}`];
  if (!value.startsWith("0x")) return [value.toUpperCase(), ...(value === "relu" ? ["none"] : [])];
  const bent = [2, 3, value.length - 1].map((at) => {
    const digit = (Number.parseInt(value[at]!, 16) ^ 1).toString(16);
    return value.slice(0, at) + digit + value.slice(at + 1);
  });
  return [...bent, `${value}00`, value.slice(0, -2), value.slice(2), value.toUpperCase()];
}

/** SHA-256 of the content in the form of RFC 8785, by an implementation of its own. */
function digestOf(content: Json): string {
  const write = (value: Json): string => {
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(write).join()}]`;
    const keys = Object.keys(value).toSorted();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${write(value[key]!)}`).join()}}`;
  };
  return `0x${createHash("sha256").update(write(content)).digest("hex")}`;
}

const fileOf = (bundle: Bundle): File => JSON.parse(encodeBundle(bundle)) as File;

/** The text of a file with this content and the hash that belongs to it. */
function withFixedHash(file: File, content: Json): string {
  return JSON.stringify({ ...file, sha256: digestOf(content), content });
}

describe("bundle", function () {
  this.timeout(60_000);

  let deals: { full: FixtureDeal; sampled: FixtureDeal };

  before(async () => {
    deals = { full: await createDeal(), sampled: await createDeal({ order: { sampledRows: 3 } }) };
  });

  const refusedText = (text: string, problem?: string): void => {
    const error = thrown(() => decodeBundle(text));
    expect(error).to.be.instanceOf(BundleError);
    if (problem !== undefined) expect(error.message).to.contain(problem);
  };

  it("is the same after it was written and read", () => {
    for (const { bundle } of Object.values(deals)) {
      expect(decodeBundle(encodeBundle(bundle))).to.deep.equal(bundle);
      expect(encodeBundle(decodeBundle(encodeBundle(bundle)))).to.equal(encodeBundle(bundle));
    }
  });

  it("is accepted by its buyer after it was written and read", async () => {
    for (const { bundle, inputs } of Object.values(deals)) {
      const report = await verifyBundle({ ...inputs, bundle: decodeBundle(encodeBundle(bundle)) });
      expect(report.unchecked).to.deep.equal([]);
    }
  });

  it("carries a proof of a megabyte as it is", () => {
    const proof: Hex = `0x${"c0ffee".repeat(2 ** 20 / 3)}`;
    const text = encodeBundle({ ...deals.full.bundle, proof });
    expect(decodeBundle(text).proof === proof).to.equal(true);
    refusedText(text.replace("c0ffee", "c0ffed"), "damaged");
  });

  it("names format and version first, and the hash of its content", () => {
    for (const { bundle } of Object.values(deals)) {
      const text = encodeBundle(bundle);
      expect(text).to.match(/^\{\n "format": "zkcmp-bundle",\n "version": 2,\n "sha256": "0x/);
      expect(text.endsWith("}\n")).to.equal(true);
      const file = fileOf(bundle);
      expect(file.sha256).to.equal(digestOf(file.content));
    }
  });

  it("holds nothing that opens the model", () => {
    for (const { bundle, secrets, buyerKeys, testSetSalt } of Object.values(deals)) {
      const text = encodeBundle(bundle);
      for (const secret of [secrets.key, secrets.opening, secrets.secret]) {
        expect(text).to.not.contain(secret.toString(16).padStart(64, "0"));
        expect(text).to.not.contain(secret.toString());
      }
      expect(text).to.not.contain(buyerKeys.privateKey.slice(2));
      expect(text).to.not.contain(testSetSalt.slice(2));
    }
  });

  for (const kind of ["full", "sampled"] as const) {
    describe(`of a deal with ${kind === "full" ? "all rows" : "sampled rows"}, tampered with,`, () => {
      it("is damaged wherever one value has changed and the hash has not", () => {
        const file = fileOf(deals[kind].bundle);
        for (const [path, value] of valuesIn(file as unknown as Json)) {
          for (const other of others(value)) {
            refusedText(JSON.stringify(replaced(file as unknown as Json, path, other)));
          }
        }
      });

      it("is refused by reader or buyer wherever one value has changed and the hash follows", async () => {
        const { bundle, inputs } = deals[kind];
        const file = fileOf(bundle);
        let seen = 0;
        for (const [path, value] of valuesIn(file.content)) {
          for (const other of others(value)) {
            const text = withFixedHash(file, replaced(file.content, path, other));
            const read = (): Bundle => decodeBundle(text);
            const error = await rejected(Promise.resolve().then(() => verifyBundle({ ...inputs, bundle: read() })));
            expect(error.message, path.join(".")).to.not.equal("");
            seen++;
          }
        }
        expect(seen).to.be.above(500);
      });

      it("is malformed with any field missing, or one more anywhere", () => {
        const file = fileOf(deals[kind].bundle);
        for (const [path, value] of valuesIn(file.content)) {
          if (typeof path.at(-1) === "string" && path.at(-2) !== "keyFiles") {
            refusedText(withFixedHash(file, replaced(file.content, path, undefined)), "malformed at");
          }
          if (typeof value === "object" && value !== null && !Array.isArray(value) && path.at(-1) !== "keyFiles") {
            refusedText(withFixedHash(file, replaced(file.content, [...path, "extra"], 1)), "malformed at");
          }
        }
        for (const key of Object.keys(file))
          refusedText(JSON.stringify({ ...file, [key]: undefined }), "not a zkcmp bundle");
        refusedText(JSON.stringify({ ...file, extra: 1 }), "not a zkcmp bundle");
      });
    });
  }

  it("is not whole when cut anywhere, or with anything behind it", () => {
    const text = encodeBundle(deals.sampled.bundle);
    const end = text.trimEnd().length;
    for (let length = 0; length < end; length += 1 + Math.floor(length / 97)) {
      refusedText(text.slice(0, length), "not whole");
    }
    refusedText(text.slice(0, end - 1), "not whole");
    for (const tail of ["x", "{}", "\0", text]) refusedText(text + tail, "not whole");
    refusedText(`\ufeff${text}`, "not whole");
  });

  it("is damaged, or not a bundle, with one character changed anywhere", () => {
    const text = encodeBundle(deals.sampled.bundle);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'0123456789abcdef{}[],:" -.eE\\x'), (at, character) => {
        fc.pre(text[at] !== character && !(text[at]!.trim() === "" && character === " "));
        refusedText(text.slice(0, at) + character + text.slice(at + 1));
      }),
      { numRuns: 1000 },
    );
  });

  it("may be laid out with other white space, and nothing else", () => {
    const { bundle } = deals.sampled;
    const file = fileOf(bundle);
    expect(decodeBundle(JSON.stringify(file))).to.deep.equal(bundle);
    expect(decodeBundle(encodeBundle(bundle).replaceAll("\n", "\r\n\t"))).to.deep.equal(bundle);
  });

  it("cannot say one thing to one reader and another thing to the next", () => {
    const text = JSON.stringify(fileOf(deals.sampled.bundle));
    const repeated = "repeats a field, or writes a value in another than its one form";
    const twice = [
      text.replace(`"rows":24`, `"rows":25,"rows":24`),
      text.replace(`"version":2`, `"version":1,"version":2`),
      text.replace(`"version":2`, `"version":2.0`),
      text.replace(`"rows":24`, `"rows":24.0`),
      text.replace(`"rows":24`, `"rows":2.4e1`),
      text.replace(`"shift":0`, `"shift":-0`),
      text.replace(`"relu"`, `"\\u0072elu"`),
      text.replace(`"keyFiles":{`, `"keyFiles":{"proving key":"0x${"00".repeat(32)}",`),
    ];
    for (const other of twice) {
      expect(other).to.not.equal(text);
      refusedText(other, repeated);
    }
  });

  it("hides no key file behind a name that JavaScript treats apart", () => {
    const file = fileOf(deals.full.bundle);
    const content = JSON.stringify(file.content);
    const hidden = content.replace(`"keyFiles":{`, `"keyFiles":{"__proto__":"0x${"00".repeat(32)}",`);
    const canonical = canonicalJson(JSON.parse(hidden));
    const sha256 = `0x${createHash("sha256").update(canonical).digest("hex")}`;
    refusedText(`{"format":"zkcmp-bundle","version":2,"sha256":"${sha256}","content":${hidden}}`, "repeats a field");
  });

  it("of another version or format is none", () => {
    const file = fileOf(deals.full.bundle);
    for (const change of [
      { version: 1 },
      { version: 3 },
      { version: "2" },
      { format: "zkcmp-order" },
      { sha256: `0x${"00".repeat(31)}` },
    ]) {
      refusedText(JSON.stringify({ ...file, ...change }), "this is not a zkcmp bundle of version 2");
    }
    for (const text of ["null", "[]", "1", '"x"', "{}"]) refusedText(text, "this is not a zkcmp bundle of version 2");
  });

  it("cannot exhaust the reader's stack", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const sha256 = `0x${"00".repeat(32)}`;
    refusedText(`{"format":"zkcmp-bundle","version":2,"sha256":"${sha256}","content":${deep}}`, "malformed at");
    refusedText(deep, "not a zkcmp bundle");
  });

  it("cannot make the reader compute with endless numbers", () => {
    const file = fileOf(deals.full.bundle);
    for (const path of [
      ["split", "round"],
      ["order", "order", "price"],
    ]) {
      for (const digits of ["9".repeat(78), "9".repeat(100_000)]) {
        refusedText(withFixedHash(file, replaced(file.content, path, digits)), "malformed at");
      }
    }
  });

  it("is malformed with a split that no escrow takes", () => {
    const file = fileOf(deals.full.bundle);
    for (const [field, value] of [
      ["basisPoints", 10_000],
      ["basisPoints", -1],
      ["round", String(2n ** 256n)],
      ["round", "-1"],
      ["rewards", "0x"],
      ["codeHash", "0x"],
    ] as const) {
      refusedText(withFixedHash(file, replaced(file.content, ["split", field], value)), "malformed at split");
    }
  });

  it("cannot write to the reader's terminal through an error", () => {
    const file = fileOf(deals.full.bundle);
    const escape = "\u001b[2K\u009b31m\r verified, fund now";
    for (const text of [
      JSON.stringify({ ...file, [escape]: 1 }),
      withFixedHash(file, replaced(file.content, [escape], 1)),
      withFixedHash(file, replaced(file.content, ["core", "keyFiles", escape], "0x")),
      withFixedHash(file, replaced(file.content, ["x".repeat(10_000)], 1)),
    ]) {
      const { message } = thrown(() => decodeBundle(text));
      expect(message).to.match(/^[\x20-\x7e]+$/);
      expect(message.length).to.be.below(400);
    }
  });

  it("is not written with anything in it that no bundle holds, such as the seller's claim", () => {
    const { bundle, claim, secrets } = deals.sampled;
    const { sampling, core } = bundle;
    for (const other of [
      { ...bundle, sampling: { ...claim!, ...sampling! } },
      { ...bundle, core: { ...core, ...secrets } },
      { ...bundle, split: { ...bundle.split, ...secrets } },
      { ...bundle, signedOrder: { ...bundle.signedOrder, order: { ...bundle.signedOrder.order, ...secrets } } },
      { ...bundle, core: { ...core, scales: [Infinity, 1] } },
      { ...bundle, seller: bundle.seller.toUpperCase() as typeof bundle.seller },
    ]) {
      expect(() => encodeBundle(other)).to.throw(BundleError, "malformed at");
    }
  });

  it("carries any network shape", async () => {
    const wide = { ...SHAPE, weightBits: 16, layers: SHAPE.layers.map((layer) => ({ ...layer, biasShift: 9 })) };
    const network = networkOf(wide);
    const { bundle } = await createDeal({ network, testSet: testSetFor(network) });
    expect(decodeBundle(encodeBundle(bundle))).to.deep.equal(bundle);
  });
});

describe("canonical JSON", function () {
  this.timeout(60_000);

  it("sorts names at every depth and leaves no white space", () => {
    const value = { b: [1, { d: null, c: "x y" }], a: { "10": true, "9": false }, "": 0.5 };
    expect(canonicalJson(value)).to.equal('{"":0.5,"a":{"10":true,"9":false},"b":[1,{"c":"x y","d":null}]}');
  });

  it("is one text for one value, whatever the order in which it was built", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).to.equal(canonicalJson(value));
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).to.equal(canonicalJson(value));
      }),
    );
  });
});
