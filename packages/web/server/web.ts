// npm run web [-- --port N --node-port N --open]: a development chain with a filled market, and the page, on this computer only.
// Nothing is kept: the next start makes a new chain. Ctrl-C ends all of it.
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { developmentKeys } from "@zkcmp/chain/development-account";
import { ZkcmpError } from "@zkcmp/field/error";
import { Wallet } from "ethers";
import { ACCOUNTS } from "./filled-market.ts";
import { type Market, openMarket } from "./market.ts";
import { builtPage } from "./page-build.ts";

const DEFAULT_PORTS = { page: 8080, node: 8545 } as const;

const HELP = `npm run web [-- --port N --node-port N --open]
  --port N        where the page is served, ${DEFAULT_PORTS.page} if not given, any free one for 0
  --node-port N   where the chain's node is served, ${DEFAULT_PORTS.node} if not given, any free one for 0
  --open          show the page in the browser`;

/** The command line cannot be understood. */
class WebOptionError extends ZkcmpError {}

interface Options {
  readonly port: number;
  readonly nodePort: number;
  readonly open: boolean;
}

function readOptions(): Options | null {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        port: { type: "string" },
        "node-port": { type: "string" },
        open: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    throw new WebOptionError((error as Error).message.split(".")[0]!, `Use it so:\n${HELP}`);
  }
  if (values.help) return null;
  return {
    port: portOf("--port", values.port, DEFAULT_PORTS.page),
    nodePort: portOf("--node-port", values["node-port"], DEFAULT_PORTS.node),
    open: values.open,
  };
}

function portOf(name: string, text: string | undefined, preset: number): number {
  if (text === undefined) return preset;
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new WebOptionError(`${name} ${text} is no port`, "Give a number from 0 to 65535.");
}

/** Each new step on a line of its own; where the output is a terminal, its share on the same line. */
function progressOn(output: NodeJS.WriteStream): (what: string, done?: number) => void {
  const start = performance.now();
  let last = "";
  return (what, done) => {
    if (what !== last) {
      last = what;
      output.write(`${output.isTTY ? "\r\x1b[K" : ""}[${((performance.now() - start) / 1000).toFixed(1)} s] ${what}\n`);
    } else if (output.isTTY && done !== undefined) {
      output.write(`\r\x1b[K        ${Math.round(100 * done)} %${done >= 1 ? "\r\x1b[K" : ""}`);
    }
  };
}

/** Shows an address in the user's browser, if there is a way to. */
function show(url: string): void {
  const [program, ...first] = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] }[process.platform as string] ?? [
    "xdg-open",
  ];
  spawn(program!, [...first, url], { stdio: "ignore", detached: true })
    .on("error", () => console.error("There is no browser to open: open the address yourself."))
    .unref();
}

function howToGoOn({ url, nodeUrl, site, filled }: Market): string {
  const addresses = developmentKeys().map((key) => new Wallet(key).address);
  const accounts = [
    [ACCOUNTS.seller, "the seller, who also owns the rounds"],
    [ACCOUNTS.buyer, "the buyer of four deals"],
    [ACCOUNTS.otherBuyer, "another buyer"],
    [ACCOUNTS.providers[0], "a data provider"],
    [ACCOUNTS.providers[1], "a data provider whose reward is not claimed yet"],
    [ACCOUNTS.providers[2], "a data provider"],
    [6, "yours, as are 7 and 8"],
  ] as const;
  return `
The market is open at ${url}

  node      ${nodeUrl} (chain 31337: add it to a wallet of your own, if you want to use one)
  accounts  ten development accounts with ether, which the page can use without a wallet:
${accounts.map(([index, what]) => `            ${index}  ${addresses[index]}  ${what}`).join("\n")}
  samples   ${join(site, "samples")}
            ${filled.samples.join(", ")}
            Restore a key and a journal on the page Keys, and act as their account: so you go on in the middle of a deal.

All of it is for trying out: everybody knows these accounts' keys, and the chain is forgotten when you press Ctrl-C.
Your browser remembers, though: orders, sales and keys of an earlier start are still on the page, and their chain is gone.
To begin afresh, delete the data of this site in the browser.`;
}

async function run({ port, nodePort, open }: Options): Promise<void> {
  const progress = progressOn(process.stderr);
  const page = await builtPage(() => progress("building the page"));
  const folder = fileURLToPath(new URL(`../../../build/market-${process.pid}`, import.meta.url));
  closing = () => rm(folder, { recursive: true, force: true });
  const market = await openMarket({ page, folder, port, nodePort, progress });
  closing = () => market.close();
  console.log(howToGoOn(market));
  if (open) show(market.url);
}

let closing: () => Promise<void> = async () => undefined;

// Whoever asks a second time does not want to wait.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    closing().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}

try {
  const options = readOptions();
  if (options === null) console.log(HELP);
  else await run(options);
} catch (error) {
  if (!(error instanceof ZkcmpError)) throw error;
  console.error(error.message);
  process.exit(error instanceof WebOptionError ? 2 : 1);
}
