import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Run, zkcmp, zkcmpJson } from "./program.ts";

/** Who takes part: a home and a development account each, on one embedded chain. */
export const PARTIES = { owner: 0, first: 1, second: 2, third: 3, stranger: 4 } as const;
export type PartyName = keyof typeof PARTIES;

/** y = 2 x + 5 with noise; a negative slope teaches the wrong thing. */
function csv(rows: number, seed: number, slope = 2): string {
  let state = seed;
  const next = (): number => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8) / 2 ** 24;
  const lines = Array.from({ length: rows }, (_, i) => {
    const x = 10 + 80 * next();
    return `${x.toFixed(2)},${(slope * x + (slope < 0 ? 205 : 5) + next()).toFixed(2)},row ${i}`;
  });
  return `x,y,name\n${lines.join("\n")}\n`;
}

/** A folder with an owner, three providers and a stranger, in which commands are run. */
export class RoundMarket {
  readonly folder: string;
  /** Everything that was printed. */
  printed = "";

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes the files, deploys the rewards contract, and opens a round. */
  static async open(options = ""): Promise<RoundMarket> {
    const market = await RoundMarket.deploy();
    await market.openRound(`round.json`, options);
    return market;
  }

  /** Makes the files and deploys the rewards contract. Its address is in the file `rewards`. */
  static async deploy(): Promise<RoundMarket> {
    const market = new RoundMarket(await mkdtemp(join(tmpdir(), "zkcmp-round-")));
    await market.write("validation.csv", csv(8, 9));
    await market.write("first.csv", csv(8, 1));
    await market.write("second.csv", csv(4, 2));
    await market.write("third.csv", csv(5, 3, -2));
    await market.json(
      "owner",
      "round encoding validation.csv --features x --target y --data-bits 8 --range y=0..215 --out encoding.json",
    );
    await market.json(
      "owner",
      "round shape --encoding encoding.json --providers 3 --rows 8 --validation-rows 8 --out circuit.json",
    );
    const { rewards } = await market.json("owner", "round deploy circuit.json");
    await market.write("rewards", rewards as string);
    return market;
  }

  async openCommand(file: string, options = ""): Promise<string> {
    const rewards = await this.read("rewards");
    const times = "--registration 2h --submission 1d --claims 30d";
    return `round open validation.csv --encoding encoding.json --rewards ${rewards} ${times} --out ${file}${options}`;
  }

  async openRound(file: string, options = ""): Promise<Record<string, unknown>> {
    return this.json("owner", await this.openCommand(file, options));
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(join(this.folder, name), content);
  }

  async read(name: string): Promise<string> {
    return readFile(join(this.folder, name), "utf8");
  }

  /** A market in the same state, in a folder of its own. */
  async copy(): Promise<RoundMarket> {
    const folder = await mkdtemp(join(tmpdir(), "zkcmp-round-"));
    await cp(this.folder, folder, { recursive: true });
    return new RoundMarket(folder);
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }

  async run(party: PartyName, command: string, environment: Readonly<Record<string, string>> = {}): Promise<Run> {
    const words = [...command.split(" "), "--account", String(PARTIES[party]), "--yes"];
    const run = await zkcmp(words, {
      folder: this.folder,
      environment: { ...this.environment(party), ...environment },
    });
    this.printed += run.stdout + run.stderr;
    return run;
  }

  /** Runs a command that must end well. */
  async json(party: PartyName, command: string): Promise<Record<string, unknown>> {
    const words = [...command.split(" "), "--account", String(PARTIES[party]), "--yes"];
    const result = await zkcmpJson(words, { folder: this.folder, environment: this.environment(party) });
    this.printed += JSON.stringify(result);
    return result;
  }

  /** Samples and receipt of a provider. */
  async accept(name: "first" | "second" | "third"): Promise<void> {
    await this.json(name, `round samples round.json ${name}.csv --out ${name}-disclosure.json`);
    await this.json("owner", `round accept ${name}-disclosure.json --out ${name}-receipt.json`);
  }

  async register(name: "first" | "second" | "third"): Promise<void> {
    await this.accept(name);
    await this.json(name, `round register round.json --receipt ${name}-receipt.json`);
  }

  async status(): Promise<Record<string, unknown>> {
    return this.json("stranger", "round status round.json");
  }

  /** Transactions and clock changes that the embedded chain has seen. */
  async chainEntries(): Promise<number> {
    const text = await this.read(join("chain", "embedded-chain.json")).catch(() => '{"entries":[]}');
    return (JSON.parse(text) as { entries: unknown[] }).entries.length;
  }

  /** All salts that the journals hold, as they are written there. */
  async salts(): Promise<string[]> {
    const salts: string[] = [];
    for (const party of Object.keys(PARTIES)) {
      for (const kind of ["rounds", "samples"]) {
        const folder = join(this.folder, party, kind);
        const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith(".json"));
        for (const file of files) {
          const text = await readFile(join(folder, file), "utf8");
          salts.push(...[...text.matchAll(/"(?:modelSalt|salt)": "0x([0-9a-f]{64})"/g)].map((match) => match[1]!));
        }
      }
    }
    return salts;
  }

  private environment(party: PartyName): Readonly<Record<string, string>> {
    return { ZKCMP_HOME: join(this.folder, party), ZKCMP_EMBEDDED_CHAIN: join(this.folder, "chain") };
  }
}
