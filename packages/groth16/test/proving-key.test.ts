import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { endCurve } from "../src/curve.ts";
import { BASE_FIELD_ORDER } from "../src/points.ts";
import { readProvingKey } from "../src/proving-key.ts";
import { BinaryFileError } from "../src/sections.ts";
import { editSection, replaceSection } from "./section-edit.ts";
import { type ToyProof, errorOf, proveToy, removeFolder, temporaryFolder } from "./toy.ts";

describe("proving-key", function () {
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

  it("reads counts, points and contributions from a path or from bytes", async () => {
    const key = await readProvingKey(toy.zkey);
    expect(key).to.deep.include({ wireCount: 30, publicCount: 5, domainSize: 64, contributions: [] });
    expect(key.verificationKey).to.deep.equal(toy.key);
    expect(await readProvingKey(await readFile(toy.zkey))).to.deep.equal(key);
  });

  it("refuses files that are cut off anywhere", async () => {
    const bytes = await readFile(toy.zkey);
    for (let length = 0; length < bytes.length; length += 997) {
      expect(await errorOf(readProvingKey(bytes.subarray(0, length))), `${length}`).to.be.instanceOf(BinaryFileError);
    }
  });

  it("refuses other curves and proof systems, and coordinates that are not canonical", async () => {
    const path = join(folder, "edited.zkey");
    const edited = async (id: number, edit: (payload: Buffer) => void) => {
      await editSection(toy.zkey, path, id, edit);
      return errorOf(readProvingKey(path));
    };
    expect((await edited(1, (body) => body.writeUInt32LE(2, 0))).message).to.include("no Groth16 key");
    expect((await edited(2, (body) => body.writeUInt8(1, 4))).message).to.include("not BN254");
    expect((await edited(2, (body) => body.writeUInt8(2, 40))).message).to.include("not BN254");
    expect((await edited(2, (body) => body.writeUInt32LE(6, 76))).message).to.include("cut off");
    const order = Buffer.from(BASE_FIELD_ORDER.toString(16).padStart(64, "0"), "hex").reverse();
    expect((await edited(3, (body) => body.set(order, 64))).message).to.include("canonical");
  });

  it("refuses counts of contributions that the file does not have, and unknown fields of one", async () => {
    const path = join(folder, "edited.zkey");
    const refusal = async (...parts: Buffer[]) => {
      await replaceSection(toy.zkey, path, 10, Buffer.concat([Buffer.alloc(64), ...parts]));
      return (await errorOf(readProvingKey(path))).message;
    };
    const number = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
    expect(await refusal(number(0xffffffff))).to.include("cut off");
    expect(await refusal(number(1), Buffer.alloc(100))).to.include("cut off");
    const contribution = Buffer.concat([Buffer.alloc(3 * 64 + 128 + 64), number(0)]);
    const fields = (...bytes: number[]) => refusal(number(1), contribution, number(bytes.length), Buffer.from(bytes));
    expect(await fields(4, 0)).to.include("unknown field");
    expect(await fields(0, 0)).to.include("unknown field");
    expect(await fields(1, 1, 65, 1, 1, 66)).to.include("unknown field");
    expect(await fields(1, 9, 65)).to.include("cut off");
  });
});
