import { ZkcmpError } from "@zkcmp/field/error";
import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { errorKind, namesOfTable } from "../src/error-kind.ts";

const packages = fileURLToPath(new URL("../..", import.meta.url));

/** Names of all error classes below ZkcmpError that a command can meet, with the names of the classes that they extend. */
function errorClasses(): Map<string, string> {
  // The page has no exit codes, and nothing below it imports it.
  const files = globSync("*/src/**/*.ts", { cwd: packages }).filter((file) => !file.startsWith("web/"));
  const classes = files.flatMap((file) => [
    ...readFileSync(`${packages}/${file}`, "utf8").matchAll(/class (\w+) extends (\w*Error)\b/g),
  ]);
  return new Map(classes.map(([, name, parent]) => [name!, parent!]));
}

describe("error kinds", () => {
  const classes = errorClasses();
  const known = new Set(namesOfTable());

  it("gives every error class of the packages an exit code, its own or that of a class above it", () => {
    const lost = [...classes.keys()].filter((name) => {
      for (let current: string | undefined = name; current !== undefined; current = classes.get(current)) {
        if (known.has(current)) return false;
      }
      return name !== "ZkcmpError";
    });
    expect(lost).to.deep.equal([]);
  });

  it("names no class that does not exist", () => {
    expect([...known].filter((name) => !classes.has(name))).to.deep.equal([]);
  });

  it("looks for the nearest class", () => {
    class RefusedError extends ZkcmpError {}
    class DeltaError extends RefusedError {}
    class StrangeError extends ZkcmpError {}
    expect(errorKind(new DeltaError("a", "b"))).to.equal("refused");
    expect(errorKind(new StrangeError("a", "b"))).to.equal("unexpected");
  });
});
