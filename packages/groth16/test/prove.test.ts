import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { endCurve } from "../src/curve.ts";
import { ProvingError, prove } from "../src/prove.ts";
import { readSymbols } from "../src/sym.ts";
import { BinaryFileError } from "../src/sections.ts";
import { isValidProof } from "../src/verify.ts";
import { decodeWitness, encodeWitness } from "../src/wtns.ts";
import { editSection } from "./section-edit.ts";
import { type ToyProof, errorOf, proveToy, removeFolder, temporaryFolder } from "./toy.ts";

describe("prove", function () {
  this.timeout(60_000);
  let folder: string;
  let toy: ToyProof;

  before(async () => {
    folder = await temporaryFolder();
    toy = await proveToy("mixed", folder);
  });
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  it("takes the key as a path or as bytes, and reports the public signals", async () => {
    const { proof, publicSignals } = await prove(await readFile(toy.zkey), toy.witness);
    expect(publicSignals).to.deep.equal([7n, 14n, 7n * 255n, 7n, 9n]);
    expect(await isValidProof(toy.key, publicSignals, proof)).to.equal(true);
  });

  it("is zero-knowledge: two proofs of one witness differ in every point", async () => {
    const again = await prove(toy.zkey, toy.witness);
    for (const point of ["a", "b", "c"] as const) expect(again.proof[point]).to.not.deep.equal(toy.proof[point]);
  });

  it("reports progress that only grows, to the end", async () => {
    const shares: number[] = [];
    await prove(toy.zkey, toy.witness, (share) => shares.push(share));
    expect(shares.length).to.be.greaterThan(5);
    expect(shares).to.deep.equal([...new Set(shares)].sort((a, b) => a - b));
    expect(shares.at(-1)).to.equal(1);
  });

  it("makes nothing valid out of a forged witness", async () => {
    const symbols = await readSymbols(toy.circuit.symPath);
    const forged = decodeWitness(toy.witness);
    forged[symbols.wire("main.products[0]")] = 8n;
    const { proof, publicSignals } = await prove(toy.zkey, encodeWitness(forged));
    expect(publicSignals[0]).to.equal(8n);
    expect(await isValidProof(toy.key, publicSignals, proof)).to.equal(false);
    expect(await isValidProof(toy.key, toy.publicSignals, proof)).to.equal(false);
  });

  it("names what is wrong with key or witness", async () => {
    const cubic = await proveToy("cubic", folder);
    const foreign = await errorOf(prove(cubic.zkey, toy.witness));
    expect(foreign).to.be.instanceOf(ProvingError);
    expect(foreign.message).to.include("the witness has 30 wires, the key 4");
    expect(await errorOf(prove("no-such-file.zkey", toy.witness))).to.be.instanceOf(BinaryFileError);
    expect(await errorOf(prove(toy.circuit.r1csPath, toy.witness))).to.be.instanceOf(BinaryFileError);
    expect(await errorOf(prove(toy.zkey, toy.witness.subarray(0, 100)))).to.be.instanceOf(BinaryFileError);
    const plonk = join(folder, "plonk.zkey");
    await editSection(toy.zkey, plonk, 1, (protocol) => protocol.writeUInt32LE(2, 0));
    expect(await errorOf(prove(plonk, toy.witness))).to.be.instanceOf(ProvingError);
  });
});
