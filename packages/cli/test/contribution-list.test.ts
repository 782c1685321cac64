import { expect } from "chai";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContributionList } from "../src/contribution-list.ts";

describe("contribution list", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-contributions-"));
  });

  after(async () => rm(folder, { recursive: true }));

  it("is empty at first, and keeps what is added, for the owner only", async () => {
    const list = new ContributionList(join(folder, "home", "contributions.json"));
    expect(await list.all()).to.deep.equal({ phaseOne: [], key: [] });
    await list.add("key", "a".repeat(128));
    await list.add("phaseOne", "b".repeat(64));
    await list.add("key", "c".repeat(128));
    const { phaseOne, key } = await new ContributionList(list.path).all();
    expect({ phaseOne, key }).to.deep.equal({
      phaseOne: ["b".repeat(64)],
      key: ["a".repeat(128), "c".repeat(128)],
    });
    expect((await stat(list.path)).mode & 0o777).to.equal(0o600);
  });
});
