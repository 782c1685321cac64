import { CommanderError } from "@commander-js/extra-typings";
import { randomFieldElement } from "@zkcmp/field/element";
import { FileFormatError } from "@zkcmp/network/json-file";
import { fieldToHex } from "@zkcmp/sale/hex";
import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { describeFailure, redact } from "../src/failure.ts";

describe("failure", () => {
  it("gives errors of ours their exit code and their own words", () => {
    const failure = describeFailure(new FileFormatError("a.json is not a network", "Give a network"));
    expect(failure).to.deep.equal({
      code: 3,
      name: "FileFormatError",
      message: "a.json is not a network. Give a network.",
      fix: "Give a network",
    });
  });

  it("ends every message with one full stop", () => {
    const message = (problem: string, fix: string): string =>
      describeFailure(new FileFormatError(problem, fix)).message;
    expect(message("it is wrong", "Do this.")).to.match(/this\.$/);
    expect(message("it is wrong", "Do this")).to.match(/this\.$/);
  });

  it("begins with a capital, unless the first word is a name", () => {
    const message = (problem: string): string => describeFailure(new FileFormatError(problem, "Do this.")).message;
    expect(message("the file is wrong")).to.match(/^The file/);
    expect(message("/tmp/a is wrong")).to.match(/^\/tmp\/a is/);
    expect(message("order.json is wrong")).to.match(/^order\.json is/);
  });

  it("calls commander's errors errors of usage", () => {
    const error = new CommanderError(
      1,
      "commander.unknownOption",
      "error: unknown option '--fro'\n(Did you mean --from?)",
    );
    const { code, message } = describeFailure(error);
    expect(code).to.equal(2);
    expect(message).to.equal(
      "Unknown option '--fro' (Did you mean --from?). Run the command with --help to see its options.",
    );
  });

  it("names the file that the system cannot use", async () => {
    const error = await readFile("/nonexistent/file").catch((cause: unknown) => cause);
    const { code, message } = describeFailure(error);
    expect(code).to.equal(3);
    expect(message).to.contain("/nonexistent/file").and.to.contain("no such file");
  });

  it("shows no key in the text of a foreign error", () => {
    const key = randomFieldElement();
    for (const text of [fieldToHex(key), fieldToHex(key).slice(2).toUpperCase(), key.toString()]) {
      const { code, message } = describeFailure(new Error(`call failed (data=${text})`));
      expect(code).to.equal(1);
      expect(message).to.contain("call failed").and.not.to.contain(text);
    }
  });

  it("takes of an ethers error the part without the transaction", () => {
    const error = Object.assign(new Error('execution reverted (transaction={ "data": "0x1234" })'), {
      shortMessage: "execution reverted",
    });
    expect(describeFailure(error).message).to.not.contain("0x1234");
  });

  it("leaves addresses and ordinary numbers readable", () => {
    const text = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8 has 1000000000000000000 wei";
    expect(redact(text)).to.equal(text);
  });
});
