import { spawn } from "node:child_process";
import { expect } from "chai";
import { interruptible } from "../src/interruption.ts";

const SOURCE = new URL("../src/interruption.ts", import.meta.url).href;

/** How a process ends that is interrupted while its thread is busy: at once, or by its own handler after three seconds. */
async function interrupted(busy: string): Promise<NodeJS.Signals | number | null> {
  const program = `
    import { interruptible } from "${SOURCE}";
    process.once("SIGINT", () => process.exit(7));
    const work = async () => {
      process.stdout.write("busy");
      const end = performance.now() + 3_000;
      while (performance.now() < end);
    };
    await ${busy};
    await new Promise((resolve) => setTimeout(resolve, 1_000));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.once("data", () => child.kill("SIGINT"));
  return new Promise((resolve) => child.on("exit", (code, signal) => resolve(signal ?? code)));
}

describe("interruption", function () {
  this.timeout(30_000);

  it("ends a process at once whose thread is busy, where its handlers would have to wait", async () => {
    expect(await interrupted("interruptible(work)")).to.equal("SIGINT");
    expect(await interrupted("work()")).to.equal(7);
  });

  it("gives what the work gives, and puts the handlers back, however it ends", async () => {
    let calls = 0;
    const handler = (): void => void calls++;
    process.once("SIGINT", handler);
    const before = process.listeners("SIGINT");
    const within = await interruptible(() => Promise.resolve(process.listenerCount("SIGINT")));
    expect(within).to.equal(0);
    const error = await interruptible(() => Promise.reject(new Error("ended"))).catch(
      (caught: Error) => caught.message,
    );
    expect(error).to.equal("ended");
    expect(process.listeners("SIGINT")).to.deep.equal(before);
    process.off("SIGINT", handler);
    expect(calls).to.equal(0);
  });
});
