import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { narration, percent } from "../narration.ts";

describe("narration", () => {
  let written = "";
  const { write } = process.stderr;
  beforeEach(() => {
    written = "";
    process.stderr.write = (chunk) => {
      written += String(chunk);
      return true;
    };
  });
  afterEach(() => {
    process.stderr.write = write;
  });

  it("says each line with the seconds since the beginning", () => {
    narration().say("a network is trained");
    expect(written).to.match(/^ +0\.\d s {2}a network is trained\n$/);
  });

  it("adds up the seconds of a step, without those before a restart", async () => {
    const { say, restart, seconds, total } = narration();
    await setTimeout(20);
    restart();
    say("begun", "prove");
    const first = seconds["prove"]!;
    say("no step");
    say("done", "prove");
    expect(Object.keys(seconds)).to.deep.equal(["prove"]);
    expect(seconds["prove"]! > first).to.equal(true);
    expect(seconds["prove"]! < total()).to.equal(true);
  });

  it("says shares in per cent", () => {
    expect(percent(0.1234)).to.equal("12.3 %");
  });
});
