import { expect } from "chai";
import { appendFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CircuitSourceError, compileCircuit } from "../src/compile.ts";
import { TOY_CIRCUITS, errorOf, removeFolder, temporaryFolder, toyMain } from "./toy.ts";

describe("compile", function () {
  this.timeout(30_000);
  let folder: string;
  const source = { name: "cubic", main: toyMain("cubic"), includes: [TOY_CIRCUITS] };
  const options = () => ({ buildFolder: join(folder, "builds") });
  const template = (body: string, includes = "") =>
    `pragma circom 2.2.0;\n${includes}template T() { signal input x; ${body} }\n`;
  const main = 'pragma circom 2.2.0;\ninclude "t.circom";\ncomponent main = T();\n';

  beforeEach(async () => (folder = await temporaryFolder()));
  afterEach(() => removeFolder(folder));

  it("compiles once and finds the build the second time", async () => {
    const first = await compileCircuit(source, options());
    expect(first.cached).to.equal(false);
    expect(first.folder).to.match(/builds[/\\]cubic-[0-9a-f]{16}$/);
    const second = await compileCircuit(source, options());
    expect(second).to.deep.equal({ ...first, cached: true });
    expect(await readdir(options().buildFolder)).to.have.length(1);
  });

  it("gives the same constraints in another folder", async () => {
    const a = await compileCircuit(source, options());
    const b = await compileCircuit(source, { buildFolder: join(folder, "elsewhere") });
    expect(b.cached).to.equal(false);
    expect(b.r1csSha256).to.equal(a.r1csSha256);
    expect(b.folder.slice(-16)).to.equal(a.folder.slice(-16));
  });

  it("builds anew when an included file, the main file or a flag changes", async () => {
    const file = join(folder, "t.circom");
    await writeFile(file, template("signal output y <== x * x;"));
    const request = { name: "t", main, includes: [folder] };
    const folders = new Set<string>();
    folders.add((await compileCircuit(request, options())).folder);
    folders.add((await compileCircuit(request, { ...options(), optimisation: "O1" })).folder);
    folders.add((await compileCircuit({ ...request, main: `${main}\n` }, options())).folder);
    await writeFile(file, template("signal output y <== x * x + 1;"));
    folders.add((await compileCircuit(request, options())).folder);
    expect(folders.size).to.equal(4);
  });

  it("follows includes of includes, also to the folder above, and not those in comments", async () => {
    await mkdir(join(folder, "inner"));
    await writeFile(join(folder, "square.circom"), "pragma circom 2.2.0;\nfunction two() { return 2; }\n");
    await writeFile(
      join(folder, "inner", "t.circom"),
      template(
        "signal output y <== two() * x * x;",
        '// include "missing.circom";\n/* include "missing.circom"; */\ninclude "../square.circom";\n',
      ),
    );
    const request = { name: "t", main, includes: [join(folder, "inner")] };
    const before = await compileCircuit(request, options());
    await appendFile(join(folder, "square.circom"), "// changed\n");
    expect((await compileCircuit(request, options())).folder).to.not.equal(before.folder);
  });

  it("finds circomlib by itself", async () => {
    const request = {
      name: "hash",
      main: 'pragma circom 2.2.0;\ninclude "poseidon.circom";\ncomponent main = Poseidon(1);',
      includes: [],
    };
    expect((await compileCircuit(request, { ...options(), optimisation: "O1" })).cached).to.equal(false);
  });

  it("replaces a build that was damaged", async () => {
    const { r1csPath } = await compileCircuit(source, options());
    await appendFile(r1csPath, "x");
    expect((await compileCircuit(source, options())).cached).to.equal(false);
    expect((await compileCircuit(source, options())).cached).to.equal(true);
  });

  it("lets calls at once all succeed, and leaves the first build to its readers", async () => {
    const builds = await Promise.all(Array.from({ length: 6 }, () => compileCircuit(source, options())));
    expect(new Set(builds.map((build) => build.r1csSha256)).size).to.equal(1);
    expect(await readdir(options().buildFolder)).to.have.length(1);
  });

  it("passes on what the compiler says and leaves nothing behind", async () => {
    await writeFile(join(folder, "t.circom"), template("signal output y <== x * x * x;"));
    const error = await errorOf(compileCircuit({ name: "t", main, includes: [folder] }, options()));
    expect(error).to.be.instanceOf(CircuitSourceError);
    expect(error.message).to.include("Non quadratic constraints");
    expect(await readdir(options().buildFolder)).to.deep.equal([]);
  });

  it("names a missing include and where it was looked for", async () => {
    const error = await errorOf(compileCircuit({ name: "t", main, includes: [folder] }, options()));
    expect(error).to.be.instanceOf(CircuitSourceError);
    expect(error.message).to.include("t.circom").and.to.include(folder);
  });
});
