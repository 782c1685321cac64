import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Output } from "../src/output.ts";
import { createProgram } from "../src/program.ts";
import { Session } from "../src/session.ts";
import { MemoryStream, typed } from "./memory-stream.ts";

function program(): { root: CommandUnknownOpts; stdout: MemoryStream } {
  const stdout = new MemoryStream();
  const output = new Output({ stdout, stderr: new MemoryStream() });
  return {
    root: createProgram(new Session(output, { input: typed("", false), output: new MemoryStream() }), "1.2.3"),
    stdout,
  };
}

/** All commands that do something, with the words that name them. */
function leaves(command: CommandUnknownOpts, words: readonly string[] = []): [string, CommandUnknownOpts][] {
  if (command.commands.length === 0) return [[words.join(" "), command]];
  return command.commands.flatMap((child) => leaves(child, [...words, child.name()]));
}

const commands = leaves(program().root);

describe("program", () => {
  it("has the commands of a sale and of a round", () => {
    const names = commands.map(([name]) => name);
    for (const name of [
      "keys create",
      "keys show",
      "keys backup",
      "network import",
      "network score",
      "order create",
      "order reveal",
      "seal",
      "offer",
      "sample commit",
      "sample open",
      "prove",
      "verify",
      "fund",
      "redeem",
      "refund",
      "withdraw",
      "cancel",
      "unseal",
      "status",
      "preflight",
      "setup development",
      "setup phase-one new",
      "setup phase-one contribute",
      "setup phase-one prepare",
      "setup phase-one accept-public",
      "setup key new",
      "setup key contribute",
      "setup key verify",
      ...["open", "accept", "register", "fund", "prove", "submit", "claim", "forward", "sweep", "settle"].map(
        (step) => `round ${step}`,
      ),
      ...["encoding", "shape", "deploy", "samples", "revoke", "status", "chart"].map((step) => `round ${step}`),
    ]) {
      expect(names).to.include(name);
    }
  });

  for (const [name, command] of commands) {
    it(`describes ${name}, its arguments and options, with an example of it`, async () => {
      expect(command.description()).to.not.equal("");
      for (const option of command.options) expect(option.description, option.flags).to.not.equal("");
      for (const argument of command.registeredArguments)
        expect(argument.description, argument.name()).to.not.equal("");
      const { root, stdout } = program();
      await root.parseAsync([...name.split(" "), "--help"], { from: "user" }).catch(() => undefined);
      const example = stdout.text.split(/^Examples?:$/m)[1] ?? "";
      expect(example, name).to.contain(`zkcmp ${name}`);
    });
  }

  it("shows a whole sale and the exit codes", async () => {
    const { root, stdout } = program();
    await root.parseAsync(["--help"], { from: "user" }).catch(() => undefined);
    const sale = stdout.text.slice(stdout.text.indexOf("A whole sale"));
    let last = -1;
    for (const step of [
      "keys create",
      "order create",
      "seal",
      "offer",
      "order reveal",
      "prove",
      "verify",
      "fund",
      "redeem",
      "unseal",
    ]) {
      const place = sale.indexOf(` zkcmp ${step} `);
      expect(place, step).to.be.greaterThan(last);
      last = place;
    }
    expect(stdout.text).to.contain("Exit codes:");
  });

  it("shows only commands and options that exist in the whole sale", async () => {
    const { root, stdout } = program();
    await root.parseAsync(["--help"], { from: "user" }).catch(() => undefined);
    const lines = stdout.text.split("\n").filter((line) => /^\s+[BS] +zkcmp /.test(line));
    expect(lines).to.have.length.greaterThan(12);
    for (const line of lines) {
      const words = line.trim().split(/ +/).slice(2);
      const found = commands.find(([name]) => words.join(" ").startsWith(`${name} `) || words.join(" ") === name);
      expect(found, line).to.not.equal(undefined);
      const known = [...found![1].options, ...root.options].flatMap((option) => [option.long, option.short]);
      for (const word of words) if (word.startsWith("-")) expect(known, line).to.include(word);
    }
  });

  it("shows a whole round, of commands and options that exist", async () => {
    const { root, stdout } = program();
    await root.parseAsync(["round", "--help"], { from: "user" }).catch(() => undefined);
    const lines = stdout.text.split("\n").filter((line) => /^\s+[OP] +zkcmp round /.test(line));
    const steps = lines.map((line) => line.trim().split(/ +/)[3]);
    const order = ["encoding", "shape", "deploy", "open", "samples", "accept", "register", "fund", "prove", "submit"];
    expect(steps.slice(0, order.length)).to.deep.equal(order);
    for (const name of ["claim", "chart", "sweep", "settle", "forward"]) expect(steps).to.include(name);
    for (const line of lines) {
      const [, , ...words] = line.trim().split(/ +/);
      const found = commands.find(([name]) => name === words.slice(0, 2).join(" "));
      expect(found, line).to.not.equal(undefined);
      const known = [...found![1].options, ...root.options].flatMap((option) => [option.long, option.short]);
      for (const word of words) if (word.startsWith("-")) expect(known, line).to.include(word);
    }
  });

  it("has every command and option that the README shows", () => {
    const readme = readFileSync(fileURLToPath(new URL("../../../README.md", import.meta.url)), "utf8");
    const shown = readme.match(/zkcmp [a-z][^`|\n]*/g)!;
    expect(shown).to.have.length.greaterThan(40);
    for (const text of shown) {
      const words = text.trim().split(/ +/).slice(1);
      const found = commands.find(([name]) => `${words.join(" ")} `.startsWith(`${name} `));
      const isGroup = commands.some(([name]) => name.startsWith(`${words[0]} `) && words.length <= 2);
      expect(found !== undefined || isGroup, text).to.equal(true);
      const known = [...(found?.[1].options ?? []), ...program().root.options].flatMap(({ long }) => [long]);
      for (const [option] of text.matchAll(/--[a-z0-9-]+/g)) expect(known, text).to.include(option);
    }
  });

  it("has every command that an error message of any package names", () => {
    const packages = fileURLToPath(new URL("../..", import.meta.url));
    const named = globSync("*/src/**/*.ts", { cwd: packages }).flatMap((file) => [
      ...readFileSync(join(packages, file), "utf8").matchAll(/`zkcmp ((?:[a-z][a-z0-9-]*(?: |(?=`)))+)([^`]*)`/g),
    ]);
    expect(named).to.have.length.greaterThan(5);
    for (const [text, words, rest] of named) {
      const command = words!.trim();
      const found =
        commands.find(([name]) => name === command) ?? commands.find(([name]) => name.startsWith(`${command} `));
      expect(found, text).to.not.equal(undefined);
      const known = [...found![1].options, ...program().root.options].flatMap(({ long }) => [long]);
      for (const [option] of rest!.matchAll(/--[a-z-]+/g))
        if (option !== "--help") expect(known, text).to.include(option);
    }
  });
});
