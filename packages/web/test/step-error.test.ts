import { expect } from "chai";
import { ZkcmpError } from "@zkcmp/field/error";
import { asStepError, packError, StepError, toStepError, toWalletError } from "../src/step-error.ts";

class DeadlineError extends ZkcmpError {
  readonly seconds: number;
  readonly inner: unknown;

  constructor(seconds: number) {
    super("the deadline is over. By a little", "Ask for a refund.");
    this.seconds = seconds;
    this.inner = { key: 1n };
  }
}

const KEY = "ab".repeat(32);

/** As it comes out on the other side of a port. */
function crossed(thrown: unknown) {
  return structuredClone(packError(thrown));
}

describe("step error", () => {
  it("keeps problem, advice, kind and plain facts of an error on its way to the page", () => {
    const error = toStepError(crossed(new DeadlineError(12)));
    expect(error).to.be.instanceOf(StepError);
    expect(error).to.include({
      kind: "DeadlineError",
      problem: "the deadline is over. By a little",
      fix: "Ask for a refund.",
    });
    expect(error.details).to.deep.equal({ seconds: 12 });
  });

  it("stays what it is on a second way", () => {
    const once = toStepError(crossed(new DeadlineError(12)));
    expect(toStepError(crossed(once))).to.deep.include({
      kind: once.kind,
      problem: once.problem,
      details: once.details,
    });
  });

  it("says of any other error that it is unexpected, in its words, with the advice to report it", () => {
    const error = toStepError(crossed(new RangeError("index 3 is out of range.")));
    expect(error.kind).to.equal("RangeError");
    expect(error.problem).to.equal("something unexpected happened: index 3 is out of range");
    expect(error.fix).to.match(/report it/);
    expect(asStepError("a text").problem).to.equal("something unexpected happened: a text");
    expect(asStepError(undefined).problem).to.match(/unexpected/);
  });

  it("cuts long hexadecimal out of other libraries' words: they may quote a request with a key in it", () => {
    for (const text of [`call 0x${KEY} reverted`, `call ${KEY.toUpperCase()} reverted`]) {
      expect(toStepError(crossed(new Error(text))).message)
        .to.include("[…]")
        .and.not.match(/(ab){20}/i);
    }
    const address = `0x${"12".repeat(20)}`;
    expect(toStepError(crossed(new Error(`no contract at ${address}`))).problem).to.include(address);
  });

  it("keeps a wallet's code for the worker, whatever kind of object the wallet throws", () => {
    for (const thrown of [
      { code: 4001, message: "User rejected" },
      Object.assign(new Error("User rejected"), { code: 4001 }),
    ]) {
      expect(toWalletError(crossed(thrown)))
        .to.be.instanceOf(Error)
        .and.to.include({ code: 4001, message: "User rejected" });
    }
    expect(toWalletError(crossed(new Error("no")))).not.to.have.property("code");
  });
});
