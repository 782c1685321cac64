import { expect } from "chai";
import { DeclinedError } from "../src/cli-error.ts";
import { askSecret, confirm } from "../src/prompt.ts";
import { MemoryStream, typed } from "./memory-stream.ts";
import { rejected } from "./rejected.ts";

describe("prompt", () => {
  for (const answer of ["y", "Y", "yes", " YES "]) {
    it(`takes "${answer}" for a yes`, async () => {
      const output = new MemoryStream();
      await confirm({ input: typed(`${answer}\n`, true), output }, "Spend?", false);
      expect(output.text).to.contain("Spend? [y/N]");
    });
  }

  for (const answer of ["", "n", "no", "yep", "yes please"]) {
    it(`takes "${answer}" for a no`, async () => {
      const terminal = { input: typed(`${answer}\n`, true), output: new MemoryStream() };
      expect(await rejected(confirm(terminal, "Spend?", false))).to.be.instanceOf(DeclinedError);
    });
  }

  it("refuses where nobody can be asked, and says that --yes is the way", async () => {
    const output = new MemoryStream();
    const error = await rejected(confirm({ input: typed("y\n", false), output }, "Spend?", false));
    expect(error).to.be.instanceOf(DeclinedError);
    expect((error as Error).message)
      .to.contain("Spend?")
      .and.to.contain("--yes");
    expect(output.text).to.equal("");
  });

  it("takes the end of the input for a no", async () => {
    const terminal = { input: typed("", true), output: new MemoryStream() };
    expect(await rejected(confirm(terminal, "Spend?", false))).to.be.instanceOf(DeclinedError);
    const secret = { input: typed("", true), output: new MemoryStream() };
    expect(await rejected(askSecret(secret, "Password: "))).to.be.instanceOf(DeclinedError);
  });

  it("does not ask with --yes", async () => {
    const output = new MemoryStream();
    await confirm({ input: typed("", false), output }, "Spend?", true);
    expect(output.text).to.equal("");
  });

  it("does not show a secret while it is typed", async () => {
    const output = new MemoryStream();
    const secret = await askSecret({ input: typed("open sesame\n", true), output }, "Password: ");
    expect(secret).to.equal("open sesame");
    expect(output.text).to.equal("Password: \n");
  });
});
