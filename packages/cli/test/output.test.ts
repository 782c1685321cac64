import { expect } from "chai";
import { FileError } from "../src/cli-error.ts";
import { Output } from "../src/output.ts";
import { MemoryStream } from "./memory-stream.ts";

function createOutput(json: boolean): { output: Output; stdout: MemoryStream; stderr: MemoryStream } {
  const streams = { stdout: new MemoryStream(), stderr: new MemoryStream() };
  const output = new Output(streams);
  output.configure({ json, command: "order create" });
  return { output, ...streams };
}

describe("output", () => {
  it("writes lines for people", () => {
    const { output, stdout, stderr } = createOutput(false);
    output.result({ price: 5n }, ["One.", "Two."]);
    expect(stdout.text).to.equal("One.\nTwo.\n");
    expect(stderr.text).to.equal("");
  });

  it("writes one JSON object on one line, with large integers as strings", () => {
    const { output, stdout } = createOutput(true);
    output.result({ price: 10n ** 20n, nested: { list: [1n] } }, ["One."]);
    expect(stdout.text).to.match(/^[^\n]*\n$/);
    expect(JSON.parse(stdout.text)).to.deep.equal({
      ok: true,
      command: "order create",
      price: "100000000000000000000",
      nested: { list: ["1"] },
    });
  });

  it("writes an error as JSON to standard output and as a sentence to standard error", () => {
    const { output, stdout, stderr } = createOutput(true);
    expect(output.failure(new FileError("a is missing", "Give a."))).to.equal(3);
    expect(JSON.parse(stdout.text)).to.deep.equal({
      ok: false,
      command: "order create",
      error: { code: 3, name: "FileError", message: "A is missing. Give a.", fix: "Give a." },
    });
    expect(stderr.text).to.equal("zkcmp: A is missing. Give a.\n");
  });

  it("keeps standard output free of errors, notes and progress without --json", () => {
    const { output, stdout, stderr } = createOutput(false);
    output.progress("proving", 0.5);
    output.note("By the way.");
    output.failure(new Error("no"));
    expect(stdout.text).to.equal("");
    expect(stderr.text).to.contain("By the way.\n");
  });

  it("shows a trace only when it is asked for", () => {
    const error = new FileError("a is missing", "Give a.", { cause: new Error("deep") });
    const quiet = createOutput(false);
    quiet.output.failure(error);
    expect(quiet.stderr.text).to.not.contain("    at ");
    process.env.ZKCMP_DEBUG = "1";
    try {
      const loud = createOutput(false);
      loud.output.failure(error);
      expect(loud.stderr.text).to.contain("    at ").and.to.contain("caused by Error: deep");
    } finally {
      delete process.env.ZKCMP_DEBUG;
    }
  });
});
