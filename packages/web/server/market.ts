import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Transport } from "@zkcmp/chain/json-rpc";
import { startLocalChain } from "@zkcmp/chain/local-chain";
import { ANY_NODE, contentPolicy } from "../src/content-policy.ts";
import { type FilledMarket, fillMarket, MARKET_AGE } from "./filled-market.ts";
import { originsAt } from "./local-server.ts";
import { serveNode } from "./node-server.ts";
import { servePage } from "./page-server.ts";

/** Whose accounts and keys are published. */
const CHAIN_ID = 31337;

export interface MarketOptions {
  /** The built page. */
  readonly page: string;
  /** Made for the market and removed with it. */
  readonly folder: string;
  /** Ports on 127.0.0.1; any free one for 0. */
  readonly port: number;
  readonly nodePort: number;
  /** Where the page is on its server, "/" if not given. */
  readonly path?: string;
  readonly progress?: (what: string, done?: number) => void;
}

/** A development chain with a filled market, a node of its own, and the page. */
export interface Market {
  readonly url: string;
  readonly nodeUrl: string;
  /** Folder of what is served beside the page. */
  readonly site: string;
  readonly filled: FilledMarket;
  close(): Promise<void>;
}

/**
 * Opens a market on this computer.
 * @throws {LocalServerError} if a port is taken, before any work is done
 */
export async function openMarket(options: MarketOptions): Promise<Market> {
  const { page, folder, port, nodePort, path = "/", progress } = options;
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const site = join(folder, "site");
    await mkdir(site, { recursive: true, mode: 0o700 });
    closing.push(() => rm(folder, { recursive: true, force: true }));
    // Both ports first: whether they are free should not be said after a minute of work.
    const pageServer = await servePage({ port, path, folders: [site, page], policy: contentPolicy(ANY_NODE) });
    closing.push(() => pageServer.close());
    let started: Transport | null = null;
    const transport: Transport = (method, params) => started!(method, params);
    const node = await serveNode(transport, { port: nodePort, pageOrigins: originsAt(pageServer.port) });
    closing.push(() => node.close());
    progress?.("starting a chain");
    const chain = await startLocalChain(CHAIN_ID, Math.floor(Date.now() / 1000) - MARKET_AGE);
    closing.push(() => chain.close());
    started = chain.transport;
    const filled = await fillMarket({
      ...{ transport, chainId: CHAIN_ID, rpcUrl: node.url, folder },
      ...(progress === undefined ? {} : { progress }),
    });
    return { url: pageServer.url, nodeUrl: node.url, site, filled, close };
  } catch (error) {
    await close();
    throw error;
  }
}
