import { expect } from "chai";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import * as snarkjs from "snarkjs";
import { InvalidTranscriptError, OwnContributionMissingError } from "../src/ceremony.ts";
import { endCurve } from "../src/curve.ts";
import { FileExistsError, hashFile } from "../src/new-file.ts";
import {
  OnePartyPhaseOneError,
  UnknownCeremonyError,
  UnpreparedPhaseOneError,
  contributePhaseOne,
  newPhaseOne,
  preparePhaseOne,
  readPhaseOne,
  verifyPhaseOne,
} from "../src/phase-one.ts";
import { PointError } from "../src/points.ts";
import { PUBLIC_CEREMONIES } from "../src/public-ceremonies.ts";
import { BinaryFileError } from "../src/sections.ts";
import { editSection, exchange, replaceSection, sectionOf } from "./section-edit.ts";
import { errorOf, removeFolder, temporaryFolder } from "./toy.ts";

describe("phase-one", function () {
  this.timeout(120_000);
  const power = 4;
  let folder: string;
  let seller: string;
  let buyer: string;
  const path = (name: string) => join(folder, `${name}.ptau`);

  before(async () => {
    folder = await temporaryFolder();
    await newPhaseOne(path("0"), power);
    seller = await contributePhaseOne(path("0"), path("1"), "seller");
    buyer = await contributePhaseOne(path("1"), path("2"), "buyer");
    await preparePhaseOne(path("2"), path("final"));
  });
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  it("records both contributions", async () => {
    expect(seller)
      .to.match(/^[0-9a-f]{64}$/)
      .and.to.not.equal(buyer);
    expect(await readPhaseOne(path("final"))).to.deep.equal({
      power,
      prepared: true,
      whole: true,
      contributions: [
        { hash: seller, name: "seller", beacon: false },
        { hash: buyer, name: "buyer", beacon: false },
      ],
    });
  });

  it("is accepted by each party that finds its own contribution", async () => {
    for (const own of [seller, buyer]) {
      expect(await verifyPhaseOne(path("final"), own)).to.deep.equal({ kind: "shared", power, contributions: 2 });
    }
  });

  it("is refused by everyone else", async () => {
    expect(await errorOf(verifyPhaseOne(path("final")))).to.be.instanceOf(UnknownCeremonyError);
    const stranger = seller.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
    expect(await errorOf(verifyPhaseOne(path("final"), stranger))).to.be.instanceOf(OwnContributionMissingError);
    expect(await errorOf(verifyPhaseOne(path("0"), seller))).to.be.instanceOf(OwnContributionMissingError);
  });

  it("is refused with one party's contribution, or unprepared", async () => {
    expect(await errorOf(verifyPhaseOne(path("1"), seller))).to.be.instanceOf(OnePartyPhaseOneError);
    expect(await errorOf(verifyPhaseOne(path("2"), buyer))).to.be.instanceOf(UnpreparedPhaseOneError);
  });

  it("does not count a beacon, whose secrets are public, as a party", async () => {
    await snarkjs.powersOfTau.beacon(path("1"), path("beacon"), "beacon", "0102030405060708090a0b0c0d0e0f10", 10);
    const { contributions } = await readPhaseOne(path("beacon"));
    expect(contributions.map(({ beacon }) => beacon)).to.deep.equal([false, true]);
    expect(await errorOf(verifyPhaseOne(path("beacon"), seller))).to.be.instanceOf(OnePartyPhaseOneError);
    const own = contributions[1]?.hash as string;
    expect(await errorOf(verifyPhaseOne(path("beacon"), own))).to.be.instanceOf(OwnContributionMissingError);
  });

  it("is refused with any section tampered", async () => {
    const sections = [
      [2, 64, 5],
      [3, 128, 5],
      [4, 64, 5],
      [5, 64, 5],
      [12, 64, 40],
      [13, 128, 20],
      [14, 64, 20],
      [15, 64, 20],
    ] as const;
    for (const [id, size, first] of sections) {
      await editSection(path("final"), path("tampered"), id, exchange(size, first));
      const error = await errorOf(verifyPhaseOne(path("tampered"), buyer));
      expect(error, `section ${id}`).to.be.instanceOf(InvalidTranscriptError);
    }
    const betaG2 = Buffer.from(sectionOf(await readFile(path("1")), 6));
    await replaceSection(path("final"), path("tampered"), 6, betaG2);
    expect(await errorOf(verifyPhaseOne(path("tampered"), buyer))).to.be.instanceOf(InvalidTranscriptError);
  });

  it("is refused when a contribution is copied into another chain", async () => {
    await newPhaseOne(path("a0"), power);
    const first = await contributePhaseOne(path("a0"), path("a1"), "mallory");
    await contributePhaseOne(path("a1"), path("a2"), "mallory again");
    await preparePhaseOne(path("a2"), path("a-final"));
    const mine = sectionOf(await readFile(path("final")), 7);
    const theirs = sectionOf(await readFile(path("a-final")), 7);
    const entry = (bytes: Buffer, i: number, names: readonly number[]) => {
      const size = 64 + 128 + 64 + 64 + 128 + 768 + 216 + 64 + 8;
      const start = 4 + i * size + names.slice(0, i).reduce((sum, name) => sum + name + 2, 0);
      return bytes.subarray(start, start + size + 2 + (names[i] as number));
    };
    const buyersEntry = entry(mine, 1, [6, 5]);
    const count = Buffer.from([2, 0, 0, 0]);
    const copied = Buffer.concat([count, entry(theirs, 0, [7, 13]), buyersEntry]);
    await replaceSection(path("a-final"), path("copied"), 7, copied);
    const { contributions } = await readPhaseOne(path("copied"));
    expect(contributions.map(({ hash }) => hash)).to.deep.equal([first, buyer]);
    expect(await errorOf(verifyPhaseOne(path("copied"), buyer))).to.be.instanceOf(InvalidTranscriptError);
  });

  it("is refused as a cut-out of a larger ceremony, whose transcript cannot be checked", async () => {
    await editSection(path("final"), path("cut-out"), 1, (header) => header.writeUInt32LE(power + 1, 40));
    expect(await errorOf(verifyPhaseOne(path("cut-out"), buyer))).to.be.instanceOf(UnpreparedPhaseOneError);
  });

  it("is refused with points that are none", async () => {
    await editSection(path("final"), path("zero"), 7, (body) => body.fill(0, 4, 4 + 64));
    expect(await errorOf(verifyPhaseOne(path("zero"), buyer))).to.be.instanceOf(PointError);
    await editSection(path("final"), path("long"), 7, (body) => body.writeUInt32LE(1, 0));
    expect(await errorOf(verifyPhaseOne(path("long"), seller))).to.be.instanceOf(BinaryFileError);
    expect(await errorOf(verifyPhaseOne(path("none"), seller))).to.be.instanceOf(BinaryFileError);
  });

  it("accepts a public ceremony by the hash of its file, without an own contribution", async () => {
    const hash = await hashFile(path("final"), "blake2b512");
    const list = new Map([[hash, { name: "a public ceremony", power }]]);
    const accepted = await verifyPhaseOne(path("final"), undefined, list);
    expect(accepted).to.deep.equal({ kind: "public", name: "a public ceremony", power });
    await editSection(path("final"), path("changed"), 12, (body) => body.writeUInt8((body[70] as number) ^ 1, 70));
    expect(await errorOf(verifyPhaseOne(path("changed"), undefined, list))).to.be.instanceOf(UnknownCeremonyError);
  });

  it("knows the published files of powers 8 to 22", () => {
    expect([...PUBLIC_CEREMONIES.values()].map((entry) => entry.power)).to.deep.equal(
      Array.from({ length: 15 }, (_, i) => i + 8),
    );
    for (const hash of PUBLIC_CEREMONIES.keys()) expect(hash).to.match(/^[0-9a-f]{128}$/);
  });

  it("overwrites nothing and leaves nothing behind", async () => {
    expect(await errorOf(newPhaseOne(path("final"), power))).to.be.instanceOf(FileExistsError);
    expect(await errorOf(contributePhaseOne(path("1"), path("final"), "x"))).to.be.instanceOf(FileExistsError);
    expect(await errorOf(preparePhaseOne(path("1"), path("final")))).to.be.instanceOf(FileExistsError);
    await errorOf(contributePhaseOne(path("none"), path("never"), "x"));
    expect((await readdir(folder)).filter((name) => name.includes("never") || name.includes("tmp"))).to.deep.equal([]);
  });
});
