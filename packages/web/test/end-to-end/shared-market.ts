import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { httpTransport, type Transport } from "@zkcmp/chain/json-rpc";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { MarketDealName } from "../../server/filled-market.ts";

/** A market in another process; ids as the page's links have them. */
export interface SharedMarket {
  /** Of the page, with a slash at its end. */
  readonly url: string;
  readonly nodeUrl: string;
  readonly transport: Transport;
  readonly filled: {
    readonly escrow: Address;
    readonly rewards: Address;
    readonly deals: Readonly<Record<MarketDealName, { readonly orderHash: Hex; readonly dealId: Hex }>>;
    readonly finishedRound: Hex;
    readonly openRound: Hex;
  };
  /** The path of a file of the samples. */
  sample(name: string): string;
  /** Moves the chain's clock. */
  advance(seconds: number): Promise<void>;
}

let shared: Promise<SharedMarket> | undefined;

/** The market that all tests in a browser share, each with deals of its own. It is opened once, and ends with this process. */
export async function sharedMarket(): Promise<SharedMarket> {
  return (shared ??= startMarket());
}

async function startMarket(): Promise<SharedMarket> {
  const folder = await mkdtemp(join(tmpdir(), "zkcmp-end-to-end-"));
  const script = fileURLToPath(new URL("./market-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ["pipe", "pipe", "inherit"] });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the market's process ended with code ${code}`)));
  });
  // It must not keep the tests from ending; it ends when its input is closed, which happens with this process.
  child.unref();
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref(): void }).unref();
  const { url, nodeUrl, site, filled } = JSON.parse(line) as Pick<SharedMarket, "url" | "nodeUrl" | "filled"> & {
    readonly site: string;
  };
  const transport = httpTransport(nodeUrl);
  return {
    ...{ url, nodeUrl, filled, transport },
    sample: (name) => join(site, "samples", name),
    advance: async (seconds) => {
      await transport("evm_increaseTime", [seconds]);
      await transport("evm_mine", []);
    },
  };
}
