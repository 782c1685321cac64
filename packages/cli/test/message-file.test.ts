import { toFieldElement } from "@zkcmp/field/element";
import { createTestSet } from "@zkcmp/network/testset";
import type { Hex } from "@zkcmp/sale/hex";
import { encodeNonce, encodeReveal, encodeRoot } from "@zkcmp/sale/sale-message";
import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readNonce, readReveal, readRoot } from "../src/message-file.ts";
import { rejected } from "./rejected.ts";

const word = (byte: string): Hex => `0x${byte.repeat(32)}`;
const head = { orderHash: word("01"), dealId: toFieldElement(77n) };
const testSet = createTestSet({ inputBits: 8, classes: 2, rows: [[1, 2]], labels: [1] });

describe("message files", () => {
  let folder: string;
  let path: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-message-"));
    path = join(folder, "message.json");
  });

  after(async () => rm(folder, { recursive: true }));

  it("are read as they were written", async () => {
    const reveal = { ...head, salt: word("02"), testSet };
    await writeFile(path, encodeReveal(reveal));
    expect(await readReveal(path)).to.deep.equal(reveal);
    const root = { ...head, root: word("03"), signature: word("04") };
    await writeFile(path, encodeRoot(root));
    expect(await readRoot(path)).to.deep.include(root);
    const nonce = { ...head, nonce: word("05") };
    await writeFile(path, encodeNonce(nonce));
    expect(await readNonce(path)).to.deep.include(nonce);
  });

  it("refuse each other, half a file and fields that are malformed", async () => {
    const text = encodeNonce({ ...head, nonce: word("05") });
    await writeFile(path, text);
    expect(((await rejected(readRoot(path))) as Error).name).to.equal("FileFormatError");
    await writeFile(path, text.slice(0, 40));
    expect(((await rejected(readNonce(path))) as Error).name).to.equal("FileFormatError");
    await writeFile(path, text.replace("0x0505", "0x05"));
    expect(((await rejected(readNonce(path))) as Error).name).to.equal("FileFormatError");
  });
});
