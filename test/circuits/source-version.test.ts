import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SALE_CIRCUIT_VERSION } from "@zkcmp/groth16/sale-circuit";
import { ROUND_CIRCUIT_VERSION } from "@zkcmp/shapley/round-circuit";
import { expect } from "chai";

const FOLDER = fileURLToPath(new URL("../../circuits/", import.meta.url));

/** What a circuit's name says of its version, and SHA-256 over its sources but their comments for every version. */
interface Release {
  readonly mains: readonly string[];
  readonly constant: string;
  readonly version: number;
  /** Released versions are never changed. */
  readonly hashes: Readonly<Record<number, string>>;
}

const RELEASES: readonly Release[] = [
  {
    mains: ["regression-sale.circom", "sale.circom"],
    constant: "SALE_CIRCUIT_VERSION",
    version: SALE_CIRCUIT_VERSION,
    hashes: {
      1: "d75dda124b3600f49fa506430df4483a7e9259a11d8490a58ae3c3ae54b4b71a",
      2: "9a9f7dfa03bc92b8985ded6c9c0f68f33a1e1e6551c24014cd393226a3032662",
    },
  },
  {
    mains: ["shapley-round.circom", "training.circom"],
    constant: "ROUND_CIRCUIT_VERSION",
    version: ROUND_CIRCUIT_VERSION,
    hashes: { 1: "1339d761d49ee16fcd42b5ff21f45c9fd06b1645d6baf777455e1adfdb4a9184" },
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
  for (const { mains, constant, version, hashes } of RELEASES) {
    it(`of ${mains.join(" and ")} are those of the version that stands in the circuit's name`, () => {
      expect(sourceHash(mains), `a source has changed: raise ${constant} and add its hash`).to.equal(hashes[version]);
    });
  }
});
