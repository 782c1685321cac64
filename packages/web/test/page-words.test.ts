import { expect } from "chai";
import { capital, ended, inPageWords } from "../src/page-words.ts";

describe("words of the command line on the page", () => {
  it("name steps and pages in the place of commands", () => {
    expect(inPageWords("See `zkcmp status`.")).to.equal("See the deal’s page.");
    expect(inPageWords("Reveal it first (`zkcmp order reveal`).")).to.equal(
      "Reveal it first (the step “Reveal the test set”).",
    );
    expect(inPageWords("Use `zkcmp round register --consent-only`, then `zkcmp round claim`.")).to.equal(
      "Use the round’s page, then the round’s page.",
    );
  });

  it("keep commands that the page has nothing for, and say what they are", () => {
    expect(inPageWords("Run `zkcmp setup key verify`.")).to.equal("Run `zkcmp setup key verify` in the command line.");
  });

  it("say what an option is on the page", () => {
    expect(inPageWords("Nothing is lost: run the same command again to go on.")).to.equal(
      "Nothing is lost: begin the same step again to go on.",
    );
    expect(inPageWords("If you trust it to pay another account later, add --accept-credit.")).to.equal(
      "If you trust it to pay another account later, tick “Accept a credit where the token refuses to pay now”.",
    );
    expect(inPageWords("Run it again without --split, or cancel the offer.")).to.not.include("--");
  });

  it("begin a sentence, but for names of files", () => {
    expect(capital("the node's answer")).to.equal("The node's answer");
    expect(capital("it")).to.equal("It");
    for (const text of ["rows.csv is cut off", "my-rows.csv, line 2", "a_b is", "0x12 is", "model2 is", "<b> is", ""]) {
      expect(capital(text)).to.equal(text);
    }
  });

  it("end a sentence once", () => {
    expect(ended("Give an order file (version 2)")).to.equal("Give an order file (version 2).");
    for (const text of ["Try again.", "Why?", "Wait…"]) expect(ended(text)).to.equal(text);
  });

  it("leave all other words alone", () => {
    expect(inPageWords("Take fresh rows: 5 % may be `seen`.")).to.equal("Take fresh rows: 5 % may be `seen`.");
  });
});
