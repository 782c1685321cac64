import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "#lock-file";
import { privateFiles } from "#private-file";
import { ZkcmpError } from "@zkcmp/field/error";
import { type Hex, hexSchema } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import * as z from "zod";
import { deployEscrow, deterministicEscrowAddress } from "./escrow-deployment.ts";
import { METHOD_NOT_FOUND, NodeProvider, RpcError } from "./json-rpc.ts";
import { type LocalChain, startLocalChain } from "./local-chain.ts";
import type { Connection } from "./network-connection.ts";
import { DEVELOPMENT_ACCOUNTS, developmentAccount } from "./development-account.ts";

/** The chain of a folder, run in this process: chain id 31337, ModelEscrow deployed, development accounts funded. */
export interface EmbeddedChain extends Connection {
  readonly escrow: Address;
  /** Moves the chain's clock ahead of the wall clock, for good, and mines a block. */
  advanceTime(seconds: number): Promise<void>;
}

/** The file of the embedded chain is damaged, or made by another version. */
export class EmbeddedChainError extends ZkcmpError {}

const CHAIN_ID = 31337;

/** Seconds to wait for another process that writes to the chain. */
const PATIENCE = 30;

/** Seconds before the chain's official start in which the contracts are deployed. */
const DEPLOYMENT_SECONDS = 60;

const entrySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("transaction"), raw: hexSchema(), timestamp: z.int().min(0) }),
  z.strictObject({ kind: z.literal("advance"), seconds: z.int().min(1), timestamp: z.int().min(0) }),
]);

const fileSchema = z.strictObject({
  format: z.literal("zkcmp-embedded-chain"),
  version: z.literal(1),
  escrow: hexSchema(20),
  /** Unix seconds. */
  start: z.int().min(0),
  entries: z.array(entrySchema),
});

type Entry = z.infer<typeof entrySchema>;
type ChainFile = z.infer<typeof fileSchema>;

/**
 * Opens the embedded chain of a folder, or starts it. Every mined transaction is in `HOME/embedded-chain.json`, and is
 * mined again, with the same timestamp, when the chain is opened the next time. Several processes may have it open
 * at once: each mines what the others have written before it answers.
 * @param home the folder, such as `journal.home`
 * @throws {EmbeddedChainError}
 */
export async function openEmbeddedChain(home: string): Promise<EmbeddedChain> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const path = join(home, "embedded-chain.json");
  const file = await withLock(path, PATIENCE, async () => {
    const existing = await readChainFile(path);
    if (existing !== null) return existing;
    const start = Math.floor(Date.now() / 1000);
    const fresh = { escrow: deterministicEscrowAddress(), start, entries: [] };
    await writeChainFile(path, fresh);
    return fresh;
  });
  if (file.escrow !== deterministicEscrowAddress()) {
    throw new EmbeddedChainError(
      `${path} was made by another version of zkcmp, with another escrow`,
      "Finish its deals with that version, or move the file away to start a new chain.",
    );
  }
  const local = await startLocalChain(CHAIN_ID, file.start - DEPLOYMENT_SECONDS);
  const untouched = new NodeProvider(local.transport, CHAIN_ID);
  const quiet = { provider: untouched, relay: untouched, chainId: CHAIN_ID, pollInterval: 1, close: async () => {} };
  await deployEscrow(quiet, developmentAccount(quiet, DEVELOPMENT_ACCOUNTS - 1));
  const replica = new Replica(path, local, file.start);
  const provider = new NodeProvider((method, params) => replica.request(method, params), CHAIN_ID);
  return {
    provider,
    relay: provider,
    chainId: CHAIN_ID,
    pollInterval: 100,
    escrow: file.escrow,
    advanceTime: (seconds) => replica.advanceTime(seconds),
    close: async () => {
      provider.destroy();
      untouched.destroy();
      await local.close();
    },
  };
}

/** This process's copy of the chain in the file. */
class Replica {
  readonly #path: string;
  readonly #local: LocalChain;
  readonly #start: number;
  /** Seconds by which the chain's clock is ahead of the wall clock. */
  #advanced = 0;
  #applied = 0;
  #version = "";
  #queue: Promise<unknown> = Promise.resolve();

  constructor(path: string, local: LocalChain, start: number) {
    this.#path = path;
    this.#local = local;
    this.#start = start;
  }

  async request(method: string, params: unknown[]): Promise<unknown> {
    return this.#inTurn(async () => {
      if (/^(?:evm|hardhat|anvil)_/.test(method)) {
        const message = "the embedded chain changes by transactions and advanceTime only, since nothing else is kept";
        throw new RpcError(method, { code: METHOD_NOT_FOUND, message });
      }
      if (method === "eth_sendRawTransaction") return this.#send(params[0] as Hex);
      await this.#follow();
      return this.#local.transport(method, params);
    });
  }

  async advanceTime(seconds: number): Promise<void> {
    await this.#inTurn(() =>
      this.#append(async () => {
        await this.#call("evm_increaseTime", [seconds]);
        await this.#call("evm_mine", []);
        return { kind: "advance", seconds, timestamp: await this.#timeOf("latest") };
      }),
    );
  }

  async #send(raw: Hex): Promise<unknown> {
    let hash: unknown;
    await this.#append(async () => {
      hash = await this.#call("eth_sendRawTransaction", [raw]);
      return { kind: "transaction", raw, timestamp: await this.#timeOf("latest") };
    });
    return hash;
  }

  /** Does something and writes it down, or undoes it. */
  async #append(act: () => Promise<Entry>): Promise<void> {
    await withLock(this.#path, PATIENCE, async () => {
      await this.#follow();
      const snapshot = await this.#call("evm_snapshot", []);
      const entry = await act();
      try {
        const file = (await readChainFile(this.#path))!;
        await writeChainFile(this.#path, { ...file, entries: [...file.entries, entry] });
      } catch (error) {
        await this.#call("evm_revert", [snapshot]);
        throw error;
      }
      this.#applied += 1;
      if (entry.kind === "advance") this.#advanced += entry.seconds;
    });
  }

  /** Mines what the file has and this process has not, and sets the clock. */
  async #follow(): Promise<void> {
    const version = await versionOf(this.#path);
    if (version !== this.#version) {
      const file = await readChainFile(this.#path);
      if (file === null || file.start !== this.#start || file.entries.length < this.#applied) {
        throw new EmbeddedChainError(`${this.#path} was replaced while it was in use`, "Run the command again.");
      }
      for (const entry of file.entries.slice(this.#applied)) {
        await this.#replay(entry);
        this.#applied += 1;
      }
      this.#version = version;
    }
    const behind = Math.floor(Date.now() / 1000) + this.#advanced - (await this.#timeOf("pending"));
    if (behind > 0) await this.#call("evm_increaseTime", [behind]);
  }

  async #replay(entry: Entry): Promise<void> {
    try {
      if (entry.kind === "advance") {
        await this.#call("evm_mine", [entry.timestamp]);
        this.#advanced += entry.seconds;
      } else {
        await this.#call("evm_setNextBlockTimestamp", [entry.timestamp]);
        await this.#call("eth_sendRawTransaction", [entry.raw]);
      }
    } catch {
      throw new EmbeddedChainError(
        `entry ${this.#applied} of ${this.#path} cannot be mined again`,
        "Restore the file from a backup, or move it away to start a new chain.",
      );
    }
  }

  async #timeOf(tag: "latest" | "pending"): Promise<number> {
    const block = (await this.#call("eth_getBlockByNumber", [tag, false])) as { timestamp: string };
    return Number(block.timestamp);
  }

  #call(method: string, params: unknown[]): Promise<unknown> {
    return this.#local.transport(method, params);
  }

  /** One request after the other: a replay must not be seen half done. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

async function versionOf(path: string): Promise<string> {
  const { ino, size, mtimeNs } = await stat(path, { bigint: true });
  return `${ino} ${size} ${mtimeNs}`;
}

async function readChainFile(path: string): Promise<Pick<ChainFile, "escrow" | "start" | "entries"> | null> {
  const text = await privateFiles.read(path);
  if (text === null) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const file = fileSchema.safeParse(json);
  if (file.success) return file.data;
  throw new EmbeddedChainError(
    `${path} is not an embedded chain of this version`,
    "Restore it from a backup, or move it away to start a new chain.",
  );
}

async function writeChainFile(path: string, file: Pick<ChainFile, "escrow" | "start" | "entries">): Promise<void> {
  const whole: ChainFile = { format: "zkcmp-embedded-chain", version: 1, ...file };
  await privateFiles.write(path, `${JSON.stringify(whole, null, 1)}\n`);
}
