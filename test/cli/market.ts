import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProofSystemId } from "@zkcmp/sale/core";
import { expect } from "chai";
import { type Run, zkcmp, zkcmpJson } from "./program.ts";

/** Rows that every deal of these tests proves: one circuit serves all of them. */
export const PROVEN_ROWS = 24;

/** Rows of a sampled deal. */
export const SAMPLED_FROM = 48;

const SELLER = "0";
const BUYER = "1";

/** x0 + x1 > x2 + x3, over pseudo-random bytes. */
function csv(rows: number, seed: number): string {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  const lines = Array.from({ length: rows }, () => {
    const x = [next(), next(), next(), next()] as const;
    return [...x, x[0] + x[1] > x[2] + x[3] ? 1 : 0].join(",");
  });
  return `${lines.join("\n")}\n`;
}

/** A network of 4-4-2 that has nearly all such rows right. */
const MODEL = {
  format: "zkcmp-float-network",
  version: 1,
  layers: [
    {
      activation: "relu",
      weights: [
        [1, 1, -1, -1],
        [-1, -1, 1, 1],
        [0.1, 0.2, 0, 0],
        [0, 0, 0.1, 0.1],
      ],
      biases: [0, 0, 0, 0],
    },
    {
      activation: "none",
      weights: [
        [0, 1, 0, 0.01],
        [1, 0, 0.01, 0],
      ],
      biases: [0, 0],
    },
  ],
};

export interface OfferOptions {
  readonly price?: string;
  readonly sampled?: boolean;
  /** What the seller names; nobody needs to. */
  readonly proofSystem?: ProofSystemId;
}

/** A folder with a seller, a buyer, an embedded chain, a network and a test set, in which commands are run. */
export class Market {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Everything that was printed. */
  printed = "";

  constructor(folder: string, environment: Readonly<Record<string, string>> = {}) {
    this.folder = folder;
    this.environment = { ZKCMP_HOME: join(folder, "home"), ...environment };
  }

  /** Makes the files, an X25519 key, and the integer network. */
  static async open(): Promise<Market> {
    const folder = await mkdtemp(join(tmpdir(), "zkcmp-cli-"));
    const market = new Market(folder);
    await writeFile(join(folder, "train.csv"), csv(200, 1));
    await writeFile(join(folder, "test.csv"), csv(PROVEN_ROWS, 2));
    await writeFile(join(folder, "large-test.csv"), csv(SAMPLED_FROM, 3));
    await writeFile(join(folder, "model.json"), JSON.stringify(MODEL));
    await market.json("keys create --no-keystore");
    await market.json(
      "network import model.json --calibration train.csv --out network.json --encoding-out encoding.json",
    );
    return market;
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(join(this.folder, name), content);
  }

  /** A market in the same state, in a folder of its own. The buyer's key file stays where it was. */
  async copy(): Promise<Market> {
    const folder = await mkdtemp(join(tmpdir(), "zkcmp-cli-"));
    await cp(this.folder, folder, { recursive: true });
    return new Market(folder);
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }

  async run(command: string, environment: Readonly<Record<string, string>> = {}): Promise<Run> {
    const run = await zkcmp(command.split(" "), {
      folder: this.folder,
      environment: { ...this.environment, ...environment },
    });
    this.printed += run.stdout + run.stderr;
    return run;
  }

  /** Runs a command that must end well. */
  async json(command: string): Promise<Record<string, unknown>> {
    const result = await zkcmpJson(command.split(" "), { folder: this.folder, environment: this.environment });
    this.printed += JSON.stringify(result);
    return result;
  }

  async seller(command: string): Promise<Record<string, unknown>> {
    return this.json(`${command} --account ${SELLER} --yes`);
  }

  async buyer(command: string): Promise<Record<string, unknown>> {
    return this.json(`${command} --account ${BUYER} --yes`);
  }

  /** Order, seal and offer. @returns the deal's id */
  async offer(order: string, { price = "0.5", sampled = false, proofSystem }: OfferOptions = {}): Promise<string> {
    await this.buyer(
      `order create ${sampled ? "large-test" : "test"}.csv --encoding encoding.json --price ${price} --out ${order} ` +
        (sampled ? `--threshold 40 --sampled-rows ${PROVEN_ROWS}` : "--threshold 20"),
    );
    const system = proofSystem === undefined ? "" : ` --proof-system ${proofSystem}`;
    await this.seller(`seal ${order} network.json --minimum-rows ${PROVEN_ROWS}${system}`);
    return (await this.seller(`offer ${order}`)).dealId as string;
  }

  /** Transactions and clock changes that the embedded chain has seen. */
  async chainEntries(): Promise<number> {
    const text = await readFile(join(this.folder, "home", "embedded-chain.json"), "utf8").catch(() => '{"entries":[]}');
    return (JSON.parse(text) as { entries: unknown[] }).entries.length;
  }

  /** k, d and s of all sales, as the journal writes them. */
  async sealSecrets(): Promise<string[]> {
    const sales = join(this.folder, "home", "sales");
    const files = (await readdir(sales)).filter((file) => file.endsWith(".json"));
    const texts = await Promise.all(files.map(async (file) => readFile(join(sales, file), "utf8")));
    return texts.flatMap((text) => {
      const { secrets } = (JSON.parse(text) as { content: { secrets: Record<string, string> } }).content;
      expect(Object.keys(secrets)).to.have.members(["key", "opening", "secret"]);
      return Object.values(secrets);
    });
  }

  /** Where the seller's deal stands. */
  async state(order: string): Promise<string> {
    const { deals } = (await this.json(`status ${order}`)) as {
      deals: { role: string; deal: { state: string } | null }[];
    };
    return deals.find(({ role }) => role === "seller")?.deal?.state ?? "none";
  }
}
