import { expect } from "chai";
import { appendFileSync, existsSync } from "node:fs";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as snarkjs from "snarkjs";
import { InvalidTranscriptError, OwnContributionMissingError } from "../src/ceremony.ts";
import type { CompiledCircuit } from "../src/compile.ts";
import { endCurve } from "../src/curve.ts";
import { writeDevelopmentKey } from "../src/development-key.ts";
import { FileExistsError, hashFile } from "../src/new-file.ts";
import {
  UnknownCeremonyError,
  UnpreparedPhaseOneError,
  contributePhaseOne,
  newPhaseOne,
  preparePhaseOne,
} from "../src/phase-one.ts";
import {
  KeyChangedError,
  KeyWithoutContributionError,
  PhaseOneTooSmallError,
  contributeKey,
  newKey,
  verifyKey,
} from "../src/phase-two.ts";
import { PointError } from "../src/points.ts";
import { prove } from "../src/prove.ts";
import { BinaryFileError } from "../src/sections.ts";
import { PublicCountError } from "../src/verification-key.ts";
import { isValidProof } from "../src/verify.ts";
import { calculateWitness } from "../src/witness-calculator.ts";
import { editSection, exchange, replaceSection, sectionOf } from "./section-edit.ts";
import { compileToy, errorOf, removeFolder, temporaryFolder, toyInputs } from "./toy.ts";

describe("phase-two", function () {
  this.timeout(120_000);
  let folder: string;
  let circuit: CompiledCircuit;
  let own: { seller: { key: string; phaseOne: string }; buyer: { key: string; phaseOne: string } };
  const path = (name: string) => join(folder, name);
  const files = (zkey = "final.zkey", ptau = "final.ptau") => ({
    r1cs: circuit.r1csPath,
    ptau: path(ptau),
    zkey: path(zkey),
  });

  before(async () => {
    folder = await temporaryFolder();
    circuit = await compileToy("mixed");
    await newPhaseOne(path("0.ptau"), 6);
    const sellerOne = await contributePhaseOne(path("0.ptau"), path("1.ptau"), "seller");
    const buyerOne = await contributePhaseOne(path("1.ptau"), path("2.ptau"), "buyer");
    await preparePhaseOne(path("2.ptau"), path("final.ptau"));
    await newKey(files("0.zkey"));
    const sellerTwo = await contributeKey(path("0.zkey"), path("1.zkey"), "seller");
    const buyerTwo = await contributeKey(path("1.zkey"), path("final.zkey"), "buyer");
    own = { seller: { key: sellerTwo, phaseOne: sellerOne }, buyer: { key: buyerTwo, phaseOne: buyerOne } };
  });
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  it("is accepted by each party that finds its own contributions, and proves", async () => {
    for (const party of ["seller", "buyer"] as const) {
      const { verificationKey, ...verified } = await verifyKey(files(), own[party]);
      expect(verified).to.deep.equal({
        r1csSha256: circuit.r1csSha256,
        zkeySha256: await hashFile(path("final.zkey"), "sha256"),
        phaseOne: { kind: "shared", power: 6, contributions: 2 },
        contributions: [
          { name: "seller", hash: own.seller.key },
          { name: "buyer", hash: own.buyer.key },
        ],
      });
      const witness = await calculateWitness(circuit.wasmPath, toyInputs("mixed"));
      const { proof, publicSignals } = await prove(path("final.zkey"), witness);
      expect(await isValidProof(verificationKey, publicSignals, proof)).to.equal(true);
    }
  });

  it("has the coefficients of the development key", async () => {
    await writeDevelopmentKey(circuit.r1csPath, path("a.development.zkey"));
    const [ceremony, development] = await Promise.all([
      readFile(path("final.zkey")),
      readFile(path("a.development.zkey")),
    ]);
    expect(sectionOf(ceremony, 4).equals(sectionOf(development, 4))).to.equal(true);
    for (const [id, size] of [
      [5, 64],
      [6, 64],
      [7, 128],
      [8, 64],
      [9, 64],
    ] as const) {
      const zeros = (bytes: Buffer) =>
        Array.from({ length: bytes.length / size }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size).every((byte) => byte === 0),
        );
      expect(zeros(sectionOf(ceremony, id)), `section ${id}`).to.deep.equal(zeros(sectionOf(development, id)));
    }
  });

  it("is refused without any contribution", async () => {
    expect(await errorOf(verifyKey(files("0.zkey"), own.seller))).to.be.instanceOf(KeyWithoutContributionError);
  });

  it("is refused without the checker's own contribution to either phase", async () => {
    const onlySeller = await errorOf(verifyKey(files("1.zkey"), own.buyer));
    expect(onlySeller).to.be.instanceOf(OwnContributionMissingError);
    expect(onlySeller.message).to.include("1.zkey");
    const noPartInTau = await errorOf(verifyKey(files(), { ...own.buyer, phaseOne: "0".repeat(64) }));
    expect(noPartInTau).to.be.instanceOf(OwnContributionMissingError);
    expect(noPartInTau.message).to.include("final.ptau");
    expect(await errorOf(verifyKey(files(), { key: own.buyer.key }))).to.be.instanceOf(UnknownCeremonyError);
  });

  it("does not take a beacon for the checker's contribution", async () => {
    await snarkjs.zKey.beacon(path("1.zkey"), path("beacon.zkey"), "beacon", "0102030405060708090a0b0c0d0e0f10", 10);
    const { contributions } = await verifyKey(files("beacon.zkey"), own.seller);
    const key = contributions[1]?.hash as string;
    expect(await errorOf(verifyKey(files("beacon.zkey"), { ...own.seller, key }))).to.be.instanceOf(
      OwnContributionMissingError,
    );
  });

  it("is refused for another circuit or from other powers of tau", async () => {
    const other = await compileToy("cubic");
    const error = await errorOf(verifyKey({ ...files(), r1cs: other.r1csPath }, own.buyer));
    expect(error).to.be.instanceOf(PublicCountError);
    await newPhaseOne(path("b0.ptau"), 6);
    await contributePhaseOne(path("b0.ptau"), path("b1.ptau"), "seller");
    const phaseOne = await contributePhaseOne(path("b1.ptau"), path("b2.ptau"), "buyer");
    await preparePhaseOne(path("b2.ptau"), path("other.ptau"));
    const foreign = await errorOf(verifyKey(files("final.zkey", "other.ptau"), { ...own.buyer, phaseOne }));
    expect(foreign).to.be.instanceOf(InvalidTranscriptError);
  });

  it("is refused with any section tampered", async () => {
    const edits: [number, (payload: Buffer) => void][] = [
      [3, exchange(64, 1)],
      [4, (body) => body.writeUInt8((body[16] as number) ^ 1, 16)],
      [5, exchange(64, 6)],
      [6, exchange(64, 6)],
      [7, exchange(128, 6)],
      [8, exchange(64, 2)],
      [9, exchange(64, 2)],
      [10, (body) => body.writeUInt8((body[3] as number) ^ 1, 3)],
    ];
    for (const [id, edit] of edits) {
      await editSection(path("final.zkey"), path("tampered.zkey"), id, (payload) => {
        const before = Buffer.from(payload);
        edit(payload);
        expect(payload.equals(before), `section ${id}`).to.equal(false);
      });
      const error = await errorOf(verifyKey(files("tampered.zkey"), own.buyer));
      expect(error, `section ${id}`).to.be.instanceOf(InvalidTranscriptError);
    }
  });

  it("is refused with another delta in its header", async () => {
    const header = sectionOf(await readFile(path("1.zkey")), 2);
    await replaceSection(path("final.zkey"), path("delta.zkey"), 2, header);
    expect(await errorOf(verifyKey(files("delta.zkey"), own.buyer))).to.be.instanceOf(InvalidTranscriptError);
  });

  it("is refused with contributions taken out, put in, or degenerate", async () => {
    const chain = sectionOf(await readFile(path("final.zkey")), 10);
    const entry = (name: number) => 64 + 64 + 64 + 128 + 64 + 8 + 2 + name;
    const withoutSeller = Buffer.concat([
      chain.subarray(0, 64),
      Buffer.from([1, 0, 0, 0]),
      chain.subarray(68 + entry(6)),
    ]);
    await replaceSection(path("final.zkey"), path("cut.zkey"), 10, withoutSeller);
    expect(await errorOf(verifyKey(files("cut.zkey"), own.buyer))).to.be.instanceOf(InvalidTranscriptError);
    const appended = Buffer.concat([
      chain.subarray(0, 64),
      Buffer.from([3, 0, 0, 0]),
      chain.subarray(68),
      chain.subarray(68, 68 + entry(6)),
    ]);
    await replaceSection(path("final.zkey"), path("added.zkey"), 10, appended);
    expect(await errorOf(verifyKey(files("added.zkey"), own.buyer))).to.be.instanceOf(InvalidTranscriptError);
    await editSection(path("final.zkey"), path("zero.zkey"), 10, (body) => body.fill(0, 68, 68 + 64));
    expect(await errorOf(verifyKey(files("zero.zkey"), own.buyer))).to.be.instanceOf(PointError);
    const trailing = Buffer.concat([chain, Buffer.alloc(1)]);
    await replaceSection(path("final.zkey"), path("trailing.zkey"), 10, trailing);
    expect(await errorOf(verifyKey(files("trailing.zkey"), own.buyer))).to.be.instanceOf(BinaryFileError);
  });

  it("is refused if the file changes while it is checked", async () => {
    await copyFile(path("final.zkey"), path("changing.zkey"));
    const changing = {
      key: own.buyer.key,
      get phaseOne() {
        appendFileSync(path("changing.zkey"), "x");
        return own.buyer.phaseOne;
      },
    };
    expect(await errorOf(verifyKey(files("changing.zkey"), changing))).to.be.instanceOf(KeyChangedError);
  });

  it("needs powers of tau that are large enough", async () => {
    const large = await compileToy("hash-chain");
    const error = await errorOf(newKey({ ...files("large.zkey"), r1cs: large.r1csPath }));
    expect(error).to.be.instanceOf(PhaseOneTooSmallError);
    expect(error.message).to.include("2^6").and.to.include("2^9");
  });

  it("needs prepared powers of tau", async () => {
    const error = await errorOf(newKey(files("unprepared.zkey", "2.ptau")));
    expect(error).to.be.instanceOf(UnpreparedPhaseOneError);
    expect(existsSync(path("unprepared.zkey"))).to.equal(false);
  });

  it("overwrites nothing", async () => {
    expect(await errorOf(newKey(files()))).to.be.instanceOf(FileExistsError);
    expect(await errorOf(contributeKey(path("1.zkey"), path("final.zkey"), "x"))).to.be.instanceOf(FileExistsError);
  });
});
