import { expect } from "chai";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BinaryFileError, SectionFile } from "../src/sections.ts";
import { removeFolder, temporaryFolder } from "./toy.ts";

function container(
  magic: string,
  version: number,
  sections: readonly (readonly [id: number, payload: string])[],
): Buffer {
  const head = Buffer.alloc(12);
  head.write(magic, "latin1");
  head.writeUInt32LE(version, 4);
  head.writeUInt32LE(sections.length, 8);
  const parts = sections.flatMap(([id, payload]) => {
    const frame = Buffer.alloc(12);
    frame.writeUInt32LE(id, 0);
    frame.writeBigUInt64LE(BigInt(payload.length), 4);
    return [frame, Buffer.from(payload)];
  });
  return Buffer.concat([head, ...parts]);
}

describe("sections", () => {
  const bytes = container("zkey", 1, [
    [7, "seven"],
    [2, ""],
    [3, "three"],
  ]);
  const text = (section: Uint8Array) => Buffer.from(section).toString();

  it("reads whole sections and parts of them, from bytes and from a file", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "a.zkey");
    await writeFile(path, bytes);
    for (const source of [bytes, path]) {
      const file = new SectionFile(source, "zkey", 1);
      expect(text(file.read(7))).to.equal("seven");
      expect(text(file.read(3, 1))).to.equal("hree");
      expect(text(file.read(3, 1, 2))).to.equal("hr");
      expect([file.sizeOf(2), file.has(2), file.has(1)]).to.deep.equal([0, true, false]);
      expect(() => file.read(1)).to.throw(BinaryFileError, "section 1 is missing");
      expect(() => file.read(7, 1, 5)).to.throw(BinaryFileError, "section 7 is too short");
      file.close();
    }
    await removeFolder(folder);
  });

  it("refuses other magics and versions", () => {
    expect(() => new SectionFile(bytes, "ptau", 1)).to.throw(BinaryFileError, "not a ptau file");
    expect(() => new SectionFile(container("zkey", 2, []), "zkey", 1)).to.throw(BinaryFileError, "version 2");
    expect(() => new SectionFile(container("zkey", 0, []), "zkey", 1)).to.throw(BinaryFileError, "version 0");
  });

  it("refuses sections that pass the end, also by sizes beyond all files", () => {
    for (const size of [6n, 2n ** 32n, 2n ** 63n]) {
      const edited = Buffer.from(bytes);
      edited.writeBigUInt64LE(size, bytes.length - 5 - 8);
      expect(() => new SectionFile(edited, "zkey", 1)).to.throw(BinaryFileError, "cut off");
    }
  });
});
