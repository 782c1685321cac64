import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SALE_CIRCUIT_VERSION } from "@zkcmp/groth16/sale-circuit";
import { expect } from "chai";

/** SHA-256 over all circuit sources but their comments, by version. Released versions are never changed. */
const SOURCES: Readonly<Record<number, string>> = {
  1: "d75dda124b3600f49fa506430df4483a7e9259a11d8490a58ae3c3ae54b4b71a",
};

function sourceHash(): string {
  const folder = fileURLToPath(new URL("../../circuits/", import.meta.url));
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".circom"));
  for (const file of files.sort()) {
    const code = readFileSync(folder + file, "utf8")
      .replace(/\/\/[^\n]*/g, "")
      .replace(/\s+/g, " ");
    hash.update(`${file}\n${code}\n`);
  }
  return hash.digest("hex");
}

describe("circuit sources", () => {
  it("are those of the version that stands in every circuit's name", () => {
    expect(sourceHash(), "a circuit has changed: raise SALE_CIRCUIT_VERSION and add its hash").to.equal(
      SOURCES[SALE_CIRCUIT_VERSION],
    );
  });
});
