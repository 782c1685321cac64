import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { expectFailure, zkcmp, zkcmpJson } from "./program.ts";

const PROVIDERS = 14;
const SEED = `0x${"5a".repeat(32)}`;

/** y = 2 x + 1 for all providers but the last, whose targets have nothing to do with its features. */
function table(rows: number, withProvider: boolean): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const provider = i % PROVIDERS;
    const x = (7 * i) % 23;
    const y = withProvider && provider === PROVIDERS - 1 ? (13 * i) % 47 : 2 * x + 1;
    return withProvider ? `p${provider},${x},${y}` : `${x},${y}`;
  });
  return `${[withProvider ? "who,x,y" : "x,y", ...lines].join("\n")}\n`;
}

interface Sampled {
  readonly epsilon: number;
  readonly permutations: number;
  readonly providers: readonly { readonly name: string; readonly rows: number; readonly share: number }[];
}

describe("zkcmp round sample", function () {
  this.timeout(120_000);
  let folder: string;
  const command = (...more: string[]): string[] => [
    ...["round", "sample", "rows.csv", "--by", "who", "--encoding", "encoding.json", "--validation", "validation.csv"],
    ...["--ridge-bits", "18", ...more],
  ];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-sample-"));
    await writeFile(join(folder, "validation.csv"), table(40, false));
    await writeFile(join(folder, "rows.csv"), table(4 * PROVIDERS, true));
    const encoding = "round encoding validation.csv --features x --target y --out encoding.json".split(" ");
    expect((await zkcmp(encoding, { folder })).code).to.equal(0);
  });
  after(() => rm(folder, { recursive: true }));

  it("values more than twelve providers, the same for everyone with the seed", async () => {
    const result = (await zkcmpJson(command("--seed", SEED), { folder })) as unknown as Sampled;
    expect(result.epsilon).to.be.at.most(1 / (4 * PROVIDERS));
    expect(result.providers.map(({ name }) => name)).to.deep.equal(
      Array.from({ length: PROVIDERS }, (_, i) => `p${i}`),
    );
    const shares = result.providers.map(({ share }) => share);
    expect(Math.max(...shares.slice(0, -1)) > 0 && shares.at(-1)! < Math.min(...shares.slice(0, -1))).to.equal(true);
    expect(await zkcmpJson(command("--seed", SEED), { folder })).to.deep.equal(result);
  });

  it("refuses an error that could hide a fair share, and anything but 32 bytes as a seed", async () => {
    expectFailure(await zkcmp(command("--seed", SEED, "--epsilon", "0.5"), { folder }), 4, "psilon is 0.5");
    expect((await zkcmp(command("--seed", "0x12"), { folder })).code).to.equal(2);
  });
});
