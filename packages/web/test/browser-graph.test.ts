import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { nodeUses } from "./import-graph.ts";

const PACKAGES = fileURLToPath(new URL("../..", import.meta.url));

/** What the page runs on: every file of these packages but those that are for Node, and those of groth16 that check. */
const ENTRIES = globSync(
  [
    "{field,network,sale,libra,shapley,chain}/src/**/*.ts",
    "groth16/src/{trust-store,trusted-circuit-key,verification-key,points,proof,verify,public-signals}.ts",
    "groth16/src/{circuit-check,proof-check,public-statement,sale-circuit}.ts",
  ],
  { cwd: PACKAGES },
).map((path) => path.replaceAll("\\", "/"));

/** Chains and keystores of the command line, and a round's proof with the compiler of its circuit. */
const NODE_ONLY = new Set([
  "chain/src/embedded-chain.ts",
  "chain/src/local-chain.ts",
  "chain/src/rounds/prove.ts",
  "chain/src/wallet.ts",
]);

function isForBrowsers(path: string): boolean {
  return !NODE_ONLY.has(path) && !/\/node-[\w-]+\.ts$/.test(path);
}

/**
 * Uses that do no harm: zod asks whether it may make code, and goes without if not; ethers asks whether something is a function, and
 * looks for a global object that has another name in browsers; React takes what there is.
 */
const HARMLESS = [
  /^Function: .*node_modules\/zod\//,
  /^Function: .*node_modules\/ethers\/lib\.esm\/abi\/coders\/abstract-coder\.js$/,
  /^(process|setImmediate): .*node_modules\/(react|react-dom|scheduler)\/cjs\//,
  /^global: .*node_modules\/ethers\/lib\.esm\/crypto\/crypto-browser\.js$/,
];

async function report(program: string): Promise<string[]> {
  const uses = (await nodeUses(program)).map(({ what, chain }) => `${what}: ${chain.join(" > ")}`);
  return uses.filter((use) => !HARMLESS.some((harmless) => harmless.test(use)));
}

describe("what the page runs on", function () {
  this.timeout(120_000);

  it("reaches nothing of Node's, and makes no code of text", async () => {
    const entries = ENTRIES.filter(isForBrowsers);
    expect(entries).to.include.members([
      ...["chain/src/journal.ts", "chain/src/buyer/fund.ts", "chain/src/seller/redeem.ts"],
      ...["chain/src/rounds/register.ts", "chain/src/rounds/rewards-check.ts", "libra/src/proof-system.ts"],
      "groth16/src/proof-check.ts",
      ...["network/src/onnx.ts", "network/src/idx.ts", "sale/src/bundle.ts", "shapley/src/sample-table.ts"],
    ]);
    const program = entries.map((path) => `import "./packages/${path}";`).join("\n");
    // With effects alone, what is exported would be left out.
    const whole = entries.map((path, i) => `export * as part${i} from "./packages/${path}";`).join("\n");
    expect(await report(`${program}\n${whole}`)).to.deep.equal([]);
  });

  it("is the page's own code as well", async () => {
    const page = ["main.tsx", "worker/desk.ts"].map((path) => `import "./packages/web/src/${path}";`).join("\n");
    expect(await report(page)).to.deep.equal([]);
  });

  it("would be seen with the way there, for a module", async () => {
    const chains = await report(`export * from "./packages/chain/src/rounds/prove.ts";`);
    expect(chains).to.include(
      [
        "node:fs/promises: packages/chain/src/rounds/prove.ts",
        ...["circuit-proof", "circuit-compilation", "compile"].map((name) => `packages/groth16/src/${name}.ts`),
      ].join(" > "),
    );
  });

  it("would be seen with the way there, for a name, but not for a property or a variable of that name", async () => {
    expect(await report(`export const size = Buffer.from("a").length;`)).to.deep.equal(["Buffer: "]);
    expect(await report(`export const make = (text) => new Function(text);`)).to.deep.equal(["Function: "]);
    expect(await report(`export const of = (a) => { const process = a.Buffer; return process; };`)).to.deep.equal([]);
  });
});
