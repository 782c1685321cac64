import { readFileSync } from "node:fs";
import { expect } from "chai";
import { DOMAIN } from "../src/domains.ts";

const { keyCommitment, ...tagged } = DOMAIN;

describe("domain tags", () => {
  it("are the ASCII bytes of their names", () => {
    const named = {
      binding: "binding",
      cipherKey: "cipher-key",
      keystream: "keystream",
      challenge: "challenge",
      model: "model",
      samples: "samples",
      validation: "validation",
    };
    for (const [use, name] of Object.entries(named)) {
      const bytes = Buffer.from(`zkcmp/${name}/v1`, "ascii");
      expect(DOMAIN[use as keyof typeof DOMAIN]).to.equal(BigInt(`0x${bytes.toString("hex")}`));
    }
    expect(Object.keys(tagged)).to.have.members(Object.keys(named));
  });

  it("differ from each other and from the tag 0 of what is hashed on chain", () => {
    expect(keyCommitment).to.equal(0n);
    expect(new Set(Object.values(DOMAIN)).size).to.equal(Object.keys(DOMAIN).length);
  });

  it("are the tags of the circuits", () => {
    const source = readFileSync(new URL("../../../circuits/sealing/domains.circom", import.meta.url), "utf8");
    const inCircuits = [...source.matchAll(/return (0x[0-9a-f]+);/g)].map((match) => BigInt(match[1]!));
    expect(inCircuits).to.have.members(Object.values(tagged));
  });
});
