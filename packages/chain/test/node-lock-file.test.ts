import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LockError } from "../src/lock-file.ts";
import { withLock } from "../src/node-lock-file.ts";
import { expectRefusal, temporaryFolder } from "./fixture.ts";

describe("withLock", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder, "record.json");
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** The number of a process that has ended. */
  const deadProcess = (): number => spawnSync(process.execPath, ["--version"]).pid;

  it("lets one at a time", async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(path, 30, work)));
    expect(most).to.equal(1);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("frees the lock after a failure", async () => {
    await withLock(path, 0, () => Promise.reject(new Error("no"))).catch(() => undefined);
    expect(await withLock(path, 0, async () => 5)).to.equal(5);
  });

  it("says which process has it", async () => {
    await withLock(path, 0, () =>
      expectRefusal(
        withLock(path, 0, async () => 1),
        LockError,
        new RegExp(`in use by process ${process.pid}`),
      ),
    );
  });

  it("takes over the lock of a process that is no more", async () => {
    await writeFile(`${path}.lock`, `${deadProcess()}\n`);
    expect(await withLock(path, 0, async () => 5)).to.equal(5);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("takes over after a crash in the middle of a take-over", async () => {
    await writeFile(`${path}.lock`, `${deadProcess()}\n`);
    await writeFile(`${path}.lock.takeover`, `${deadProcess()}\n`);
    const old = Date.now() / 1000 - 60;
    await utimes(`${path}.lock.takeover`, old, old);
    expect(await withLock(path, 30, async () => 5)).to.equal(5);
  });

  it("leaves one of many who find the same stale lock", async () => {
    await writeFile(`${path}.lock`, `${deadProcess()}\n`);
    let inside = 0;
    const work = async (): Promise<void> => {
      expect(++inside).to.equal(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(path, 30, work)));
  });

  it("names a folder that is not there", async () => {
    await expectRefusal(
      withLock(join(folder, "no", "x"), 0, async () => 1),
      LockError,
      /ENOENT/,
    );
  });
});
