import { expect } from "chai";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import * as snarkjs from "snarkjs";
import { endCurve, sharedCurve } from "../src/curve.ts";
import { DEVELOPMENT_DELTA } from "../src/development-delta.ts";
import { DevelopmentKeyNameError, developmentSecrets, writeDevelopmentKey } from "../src/development-key.ts";
import { FileExistsError, hashFile } from "../src/new-file.ts";
import { g2FromBytes } from "../src/points.ts";
import { proofToJson } from "../src/proof.ts";
import { BinaryFileError } from "../src/sections.ts";
import { verificationKeyToJson } from "../src/verification-key.ts";
import { compileToy, errorOf, proveToy, removeFolder, temporaryFolder } from "./toy.ts";

describe("development-key", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(async () => (folder = await temporaryFolder()));
  afterEach(() => removeFolder(folder));
  after(endCurve);

  it("has the delta that verifiers know", async () => {
    const { G2 } = await sharedCurve();
    const point = G2.toAffine(G2.timesScalar(G2.g, developmentSecrets().delta));
    expect(g2FromBytes(await sharedCurve(), point)).to.deep.equal(DEVELOPMENT_DELTA);
    expect(new Set(Object.values(developmentSecrets())).size).to.equal(4);
  });

  // The cubic circuit fills its domain to the last row: 2 constraints, 1 public signal and the constant, domain 4.
  for (const name of ["cubic", "mixed", "hash-chain"] as const) {
    it(`makes keys that snarkjs proves and verifies with (${name})`, async () => {
      const { zkey, key, proof, publicSignals } = await proveToy(name, folder);
      const exported = (await snarkjs.zKey.exportVerificationKey(zkey)) as Record<string, unknown>;
      const { vk_alphabeta_12, ...points } = exported;
      expect(vk_alphabeta_12).to.be.an("array");
      expect(verificationKeyToJson(key)).to.deep.equal(points);
      const signals = publicSignals.map(String);
      expect(await snarkjs.groth16.verify(exported, signals, proofToJson(proof))).to.equal(true);
      for (const i of signals.keys()) {
        const wrong = signals.with(i, `${BigInt(signals[i] as string) + 1n}`);
        expect(await snarkjs.groth16.verify(exported, wrong, proofToJson(proof)), `signal ${i}`).to.equal(false);
      }
    });
  }

  it("comes out byte for byte the same", async () => {
    const { r1csPath } = await compileToy("mixed");
    await writeDevelopmentKey(r1csPath, join(folder, "a.development.zkey"));
    await writeDevelopmentKey(r1csPath, join(folder, "b.development.zkey"));
    const hash = await hashFile(join(folder, "a.development.zkey"), "sha256");
    expect(await hashFile(join(folder, "b.development.zkey"), "sha256")).to.equal(hash);
  });

  it("reports progress that only grows, to the end", async () => {
    const shares: number[] = [];
    const { r1csPath } = await compileToy("hash-chain");
    await writeDevelopmentKey(r1csPath, join(folder, "a.development.zkey"), (share) => shares.push(share));
    expect(shares).to.deep.equal([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).to.equal(1);
  });

  it("is named after what it is and overwrites nothing", async () => {
    const { r1csPath } = await compileToy("cubic");
    expect(await errorOf(writeDevelopmentKey(r1csPath, join(folder, "a.zkey")))).to.be.instanceOf(
      DevelopmentKeyNameError,
    );
    const path = join(folder, "a.development.zkey");
    await writeDevelopmentKey(r1csPath, path);
    const before = await readFile(path);
    expect(await errorOf(writeDevelopmentKey(r1csPath, path))).to.be.instanceOf(FileExistsError);
    expect((await readFile(path)).equals(before)).to.equal(true);
  });

  it("leaves nothing behind when it fails", async () => {
    const error = await errorOf(writeDevelopmentKey(join(folder, "none.r1cs"), join(folder, "a.development.zkey")));
    expect(error).to.be.instanceOf(BinaryFileError);
    expect(await readdir(folder)).to.deep.equal([]);
  });
});
