import { expect } from "chai";
import { ProgressBar } from "../src/progress-bar.ts";
import { MemoryStream } from "./memory-stream.ts";

/** The methods of a terminal that the bar calls. */
function terminal(): MemoryStream {
  return Object.assign(new MemoryStream(true), {
    columns: 100,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
}

describe("progress bar", () => {
  it("is silent where the stream is no terminal", () => {
    const stream = new MemoryStream(false);
    const bar = new ProgressBar(stream);
    bar.show("waiting");
    bar.show("proving", 0.3);
    bar.clear();
    expect(stream.text).to.equal("");
  });

  it("shows the step, the share that is done and the time left", () => {
    const stream = terminal();
    const bar = new ProgressBar(stream);
    bar.show("proving", 0.25);
    bar.show("proving", 0.25);
    bar.clear();
    expect(stream.text).to.match(/proving \[.*\] \d+ %, .* left/);
  });

  it("shows the name of a step of unknown length", () => {
    const stream = terminal();
    const bar = new ProgressBar(stream);
    bar.show("compiling");
    bar.clear();
    expect(stream.text).to.contain("compiling ...");
  });
});
