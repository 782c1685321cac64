import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RpcError } from "@zkcmp/chain/json-rpc";
import { orderToJson } from "@zkcmp/sale/order";
import { expect } from "chai";
import { readOrderFile } from "../../packages/cli/src/order-file.ts";
import { Output } from "../../packages/cli/src/output.ts";
import { MemoryStream } from "../../packages/cli/test/memory-stream.ts";
import { createDeal } from "../../packages/sale/test/fixture.ts";

/** Clears the screen, goes to its top and writes on, then turns the direction of writing. */
const STEERING = "\u001b[2J\u001b[1;1H\u009b31mYou were paid.\r\u202e\u2066";

/**
 * The attack: a buyer's order file has a field whose name is a terminal's control sequence, or a node answers with one. The
 * error quotes it, and the seller's screen shows whatever the other side wants it to show: "You were paid."
 * Refused because no control character of a message reaches the terminal.
 */
describe("finding: text that steers the terminal", () => {
  const shown = (error: unknown): string => {
    const streams = { stdout: new MemoryStream(), stderr: new MemoryStream() };
    const output = new Output(streams);
    output.failure(error);
    output.note(STEERING);
    output.result({}, [STEERING]);
    return streams.stdout.text + streams.stderr.text;
  };
  const expectHarmless = (error: unknown): void => {
    expect((error as Error).message).to.contain("You were paid");
    expect(shown(error)).to.match(/^[\P{C}\n]*$/u);
    expect(shown(error)).to.contain("You were paid");
  };

  it("in an order file is shown as what it is", async () => {
    const folder = await mkdtemp(join(tmpdir(), "zkcmp-finding-"));
    try {
      const { order, signature } = (await createDeal()).bundle.signedOrder;
      const file = { format: "zkcmp-order", version: 2, order: orderToJson(order), signature, encoding: null };
      const path = join(folder, "order.json");
      await writeFile(path, JSON.stringify({ ...file, [STEERING]: 1 }));
      expectHarmless(await readOrderFile(path).catch((error: unknown) => error));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("in a node's answer is shown as what it is", () => {
    expectHarmless(new RpcError("eth_call", { code: -32000, message: STEERING }));
  });
});
