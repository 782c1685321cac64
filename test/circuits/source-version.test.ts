import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SALE_CIRCUIT_VERSION, saleCircuit } from "@zkcmp/groth16/sale-circuit";
import type { NetworkShape } from "@zkcmp/network/shape";
import { ROUND_CIRCUIT_VERSION, roundCircuit } from "@zkcmp/shapley/round-circuit";
import { parseRoundShape } from "@zkcmp/shapley/round-shape";
import { expect } from "chai";

const FOLDER = fileURLToPath(new URL("../../circuits/", import.meta.url));

/** What a circuit's name says of its version, and SHA-256 over its sources but their comments for every version. */
interface Release {
  readonly mains: readonly string[];
  readonly constant: string;
  readonly version: number;
  /** Released versions are never changed. */
  readonly hashes: Readonly<Record<number, string>>;
  /** The main components that TypeScript writes for fixed shapes, and SHA-256 over them, also for every version. */
  readonly generated: readonly { readonly source: string }[];
  readonly generatedHashes: Readonly<Record<number, string>>;
}

const CLASSIFIER: NetworkShape = {
  inputBits: 8,
  weightBits: 8,
  layers: [
    { inputs: 40, outputs: 6, activation: "relu", shift: 14, biasShift: 12 },
    { inputs: 6, outputs: 3, activation: "square", shift: 0, biasShift: 9 },
    { inputs: 3, outputs: 3, activation: "none", shift: 0, biasShift: 3 },
  ],
};
const REGRESSION: NetworkShape = {
  inputBits: 16,
  weightBits: 16,
  layers: [{ inputs: 3, outputs: 1, activation: "none", shift: 0, biasShift: 17 }],
};

/** Main components of fixed shapes: widths of range checks, shifts and bounds are computed in TypeScript. */
const SALES = [
  saleCircuit(CLASSIFIER, 33),
  saleCircuit(CLASSIFIER, 5, { committed: true }),
  saleCircuit(REGRESSION, 33, { predicate: "squared-error" }),
  saleCircuit(REGRESSION, 5, { predicate: "squared-error", committed: true }),
];
const ROUNDS = (
  [
    [1, 1, 1, 1, 2, 24, 2, 1],
    [5, 40, 3, 1, 16, 40, 6, 100],
    [12, 20, 4, 3, 8, 36, 10, 50],
    [1, 100, 1, 1, 16, 24, 6, 0],
    [3, 4, 8, 2, 16, 48, 10, 0],
  ] as const
).map(([providers, rows, features, outputs, dataBits, fractionBits, integerBits, validationRows]) =>
  roundCircuit(
    parseRoundShape({ providers, rows, features, outputs, dataBits, fractionBits, integerBits, validationRows }),
  ),
);

const RELEASES: readonly Release[] = [
  {
    mains: ["regression-sale.circom", "sale.circom"],
    constant: "SALE_CIRCUIT_VERSION",
    version: SALE_CIRCUIT_VERSION,
    hashes: {
      1: "d75dda124b3600f49fa506430df4483a7e9259a11d8490a58ae3c3ae54b4b71a",
      2: "9a9f7dfa03bc92b8985ded6c9c0f68f33a1e1e6551c24014cd393226a3032662",
    },
    generated: SALES,
    generatedHashes: { 2: "417f16c9bb05bfe65ba88712e89a0798f8bf4083a98c783be50680c1441a5a1b" },
  },
  {
    mains: ["shapley-round.circom", "training.circom"],
    constant: "ROUND_CIRCUIT_VERSION",
    version: ROUND_CIRCUIT_VERSION,
    hashes: { 1: "1339d761d49ee16fcd42b5ff21f45c9fd06b1645d6baf777455e1adfdb4a9184" },
    generated: ROUNDS,
    generatedHashes: { 1: "8249ef9a3c9d94786bdd28104357e834cac66235104b0167d6fa082c0e6cef9c" },
  },
];

/** The project's files that a main file reaches by its includes, relative to circuits/. circomlib's are pinned by npm. */
function reachable(mains: readonly string[]): string[] {
  const files = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file) || !existsSync(join(FOLDER, file))) return;
    files.add(file);
    const code = readFileSync(join(FOLDER, file), "utf8").replace(/\/\/[^\n]*/g, "");
    for (const [, target] of code.matchAll(/\binclude\s*"(\.[^"]+)"/g)) visit(join(dirname(file), target!));
  };
  mains.forEach(visit);
  return [...files].sort();
}

function sourceHash(mains: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of reachable(mains)) {
    const code = readFileSync(join(FOLDER, file), "utf8")
      .replace(/\/\/[^\n]*/g, "")
      .replace(/\s+/g, " ");
    hash.update(`${file}\n${code}\n`);
  }
  return hash.digest("hex");
}

describe("circuit sources", () => {
  for (const { mains, constant, version, hashes, generated, generatedHashes } of RELEASES) {
    it(`of ${mains.join(" and ")} are those of the version that stands in the circuit's name`, () => {
      expect(sourceHash(mains), `a source has changed: raise ${constant} and add its hash`).to.equal(hashes[version]);
    });

    it(`of ${mains.join(" and ")} get the parameters of that version`, () => {
      const hash = createHash("sha256");
      for (const { source } of generated) hash.update(source);
      const message = `the parameters of a shape have changed: raise ${constant} and add the hash`;
      expect(hash.digest("hex"), message).to.equal(generatedHashes[version]);
    });
  }
});
