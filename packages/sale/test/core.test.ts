import { createHash } from "node:crypto";
import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import { type Core, coreDigest, coreSchema, coreToJson } from "../src/core.ts";
import type { Hex } from "../src/hex.ts";
import { SHAPE } from "./fixture.ts";

const bytes32 = (byte: string): Hex => `0x${byte.repeat(32)}`;

const CORE: Core = {
  orderHash: bytes32("01"),
  shape: SHAPE,
  scales: [0.5, 3],
  reading: { multiplier: 5, offset: 7 },
  ciphertextDigest: reduce(2n),
  keyCommitment: reduce(3n),
  bindingCommitment: reduce(4n),
  ephemeralKey: bytes32("05"),
  testSetCommitment: reduce(6n),
  rows: 24,
  predicate: "accuracy",
  threshold: 20,
  errorBound: 11n,
  sampledRows: 6,
  proofSystem: "groth16",
  keyFiles: { "proving key": bytes32("07"), "constraint system": bytes32("08") },
  modelCommitment: reduce(9n),
};

const [FIRST, LAST] = SHAPE.layers as [(typeof SHAPE.layers)[0], (typeof SHAPE.layers)[0]];

/** One other value, or several, for every field. */
const CHANGES: { [K in keyof Core]: readonly Core[K][] } = {
  orderHash: [bytes32("00")],
  shape: [
    { ...SHAPE, inputBits: 5 },
    { ...SHAPE, weightBits: 9 },
    { ...SHAPE, layers: [FIRST] },
    { ...SHAPE, layers: [LAST, FIRST] },
    { ...SHAPE, layers: [{ ...FIRST, inputs: 5 }, LAST] },
    { ...SHAPE, layers: [{ ...FIRST, outputs: 7 }, LAST] },
    { ...SHAPE, layers: [{ ...FIRST, activation: "square" }, LAST] },
    { ...SHAPE, layers: [{ ...FIRST, shift: 5 }, LAST] },
    { ...SHAPE, layers: [{ ...FIRST, biasShift: 4 }, LAST] },
    { ...SHAPE, layers: [FIRST, { ...LAST, outputs: 4 }] },
  ],
  scales: [[0.5], [3, 0.5], [0.5, 3, 3], [0.5, 3 + 2 ** -50]],
  reading: [null, { multiplier: 6, offset: 7 }, { multiplier: 5, offset: 8 }],
  ciphertextDigest: [reduce(0n)],
  keyCommitment: [reduce(0n)],
  bindingCommitment: [reduce(0n)],
  ephemeralKey: [bytes32("00")],
  testSetCommitment: [reduce(0n)],
  rows: [25],
  predicate: ["squared-error"],
  threshold: [19],
  errorBound: [12n],
  sampledRows: [0],
  proofSystem: ["libra"],
  keyFiles: [
    {},
    { "proving key": bytes32("07") },
    { "proving key": bytes32("08"), "constraint system": bytes32("07") },
    { "proving key": bytes32("07"), "constraint system": bytes32("00") },
    { "proving key": bytes32("07"), "constraint systen": bytes32("08") },
  ],
  modelCommitment: [reduce(0n)],
};

describe("core", () => {
  it("has the digest of its encoding, written out byte by byte", () => {
    const text = (value: string): string => {
      const hex = Buffer.from(value).toString("hex");
      return (hex.length / 2).toString(16).padStart(8, "0") + hex;
    };
    const word = (value: number): string => value.toString(16).padStart(8, "0");
    const field = (value: number): string => value.toString(16).padStart(64, "0");
    const encoding = [
      text("zkcmp/core/v2"),
      `00000020${"01".repeat(32)}`,
      `0408${word(2)}`,
      `${word(4)}${word(6)}${text("relu")}0403`,
      `${word(6)}${word(3)}${text("none")}0000`,
      `${word(2)}3fe00000000000004008000000000000`,
      `${word(0)}${word(5)}0007`,
      `${field(2)}${field(3)}${field(4)}00000020${"05".repeat(32)}${field(6)}`,
      `${word(24)}${text("accuracy")}${word(20)}${word(0)}${word(11)}${word(6)}${text("groth16")}`,
      `${word(2)}${text("constraint system")}00000020${"08".repeat(32)}${text("proving key")}00000020${"07".repeat(32)}`,
      field(9),
    ].join("");
    const digest = createHash("sha256").update(Buffer.from(encoding, "hex")).digest("hex");
    expect(coreDigest(CORE)).to.equal(BigInt(`0x${digest}`) % FIELD_ORDER);
  });

  it("has a digest of every field", () => {
    const variants = [
      CORE,
      ...Object.entries(CHANGES).flatMap(([field, values]) => values.map((value) => ({ ...CORE, [field]: value }))),
    ];
    expect(new Set(variants.map(coreDigest)).size).to.equal(variants.length);
  });

  it("has the same digest whatever the order of its key files", () => {
    const keyFiles = Object.fromEntries(Object.entries(CORE.keyFiles).reverse());
    expect(coreDigest({ ...CORE, keyFiles })).to.equal(coreDigest(CORE));
  });

  it("is the same after a round trip through JSON", () => {
    const variants = Object.entries(CHANGES).map(([field, values]) => ({ ...CORE, [field]: values[0]! }) as Core);
    for (const core of [CORE, ...variants, { ...CORE, scales: [5e-324, Number.MAX_VALUE] }]) {
      const read = coreSchema.parse(JSON.parse(JSON.stringify(coreToJson(core))));
      expect(read).to.deep.equal(core);
      expect(coreDigest(read)).to.equal(coreDigest(core));
    }
  });

  it("cannot be read with a field missing, unknown or wrong", () => {
    const json = coreToJson(CORE);
    const refused = (change: object): void => {
      const result = coreSchema.safeParse(JSON.parse(JSON.stringify({ ...json, ...change })));
      expect(result.success, JSON.stringify(change)).to.equal(false);
    };
    for (const field of Object.keys(json)) {
      for (const value of [undefined, null, -1, 1.5, "", "x", [], [[]], {}, true]) {
        if (field === "scales" && Array.isArray(value) && value.length === 0) continue;
        if (field === "reading" && value === null) continue;
        if (field === "keyFiles" && JSON.stringify(value) === "{}") continue;
        refused({ [field]: value });
      }
    }
    refused({ extra: 1 });
    refused({ rows: 0 });
    for (const field of ["rows", "threshold"]) refused({ [field]: 2 ** 32 });
    for (const reading of [{ multiplier: 0, offset: 1 }, { multiplier: 1, offset: 2 ** 16 }, { multiplier: 1 }]) {
      refused({ reading });
    }
    refused({ errorBound: String(2n ** 64n) });
    refused({ sampledRows: 2 ** 32 });
    for (const scale of [0, -1, NaN, Infinity]) refused({ scales: [scale, 1] });
    refused({ shape: { ...json.shape, extra: 1 } });
    refused({ shape: { ...json.shape, layers: [{ ...FIRST, extra: 1 }, LAST] } });
  });

  it("names key files by short plain names, which a terminal only shows", () => {
    const read = (name: string): boolean =>
      coreSchema.safeParse({ ...coreToJson(CORE), keyFiles: { [name]: bytes32("07") } }).success;
    for (const name of ["a", "proving key", "sale.zkey", "A-1_b", "x".repeat(64)])
      expect(read(name), name).to.equal(true);
    for (const name of ["", " a", "x".repeat(65), "a\nb", "\u001b[2J", "a\u0007", "ключ", "\ud800", "a/b"]) {
      expect(read(name), name).to.equal(false);
    }
  });
});
