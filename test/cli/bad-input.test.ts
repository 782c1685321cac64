import { createHash } from "node:crypto";
import { chmod, cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { canonicalJson } from "@zkcmp/sale/bundle";
import { startFakeNode } from "./fake-node.ts";
import { Market } from "./market.ts";
import { expectFailure, type Run } from "./program.ts";

/** More than a development account has. */
const PRICE = "20000";

const PASSWORD = "correct horse battery";

/** The chain id of a chain with real money. */
const MAINNET = "0x1";

describe("zkcmp: bad input", function () {
  this.timeout(180_000);

  let market: Market;
  let dealId: string;
  let entries: number;

  const path = (name: string): string => join(market.folder, name);
  const write = async (name: string, content: string): Promise<void> => market.write(name, content);

  before(async () => {
    market = await Market.open();
    dealId = await market.offer("order.json", { price: PRICE });
    await market.buyer(`order reveal order.json --deal ${dealId} --out reveal.json`);
    await market.seller("prove order.json --reveal reveal.json --out bundle.json");
    await market.run("keys create poor", { ZKCMP_PASSWORD: PASSWORD });
    entries = await market.chainEntries();
  });

  after(async () => {
    await market.close();
  });

  afterEach(async () => {
    expect(await market.chainEntries(), "nothing was sent").to.equal(entries);
  });

  /** Runs commands side by side: none of them changes anything. */
  async function fail(
    cases: readonly (readonly [command: string, code: number, ...words: string[]])[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const pending = [...cases];
    const worker = async (): Promise<void> => {
      for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
        const [command, code, ...words] = next;
        const run: Run = await market.run(command, environment);
        expect(run.stdout, command).to.equal("");
        expectFailure(run, code, ...words);
      }
    };
    await Promise.all([worker(), worker()]);
  }

  it("files that are missing", async () => {
    await fail([
      ["seal none.json network.json", 3, "none.json", "no such file"],
      ["seal order.json none.json", 3, "none.json", "no such file"],
      ["network import none.onnx --calibration train.csv --encoding encoding.json --out x.json", 3, "none.onnx"],
      ["network import model.json --calibration none.csv --encoding encoding.json --out x.json", 3, "none.csv"],
      ["network score network.json none.csv", 3, "none.csv"],
      ["order create none.csv --threshold 1 --price 1 --out x.json", 3, "none.csv"],
      ["verify none.json", 3, "none.json"],
      ["fund none.json --yes", 3, "none.json"],
      ["offer none.json --yes", 2, "none.json"],
      ["prove order.json --reveal none.json --out x.json", 3, "none.json"],
    ]);
  });

  it("files that are damaged, or not what they should be", async () => {
    const network = await readFile(path("network.json"), "utf8");
    await write("half-network.json", network.slice(0, 300));
    await write("wide-network.json", network.replace(/"weights": \[\n\s*\[/, "$&48271039,"));
    await write("ragged.csv", "1,2,3,4,0\n1,2,3,1\n");
    await write("words.csv", "1,2,3,4,0\n1,2,three,4,1\n");
    await write("empty.csv", "");
    const bundle = await readFile(path("bundle.json"), "utf8");
    await write("half-bundle.json", bundle.slice(0, bundle.length / 2));
    await write("changed-bundle.json", bundle.replace('"threshold": 20', '"threshold": 21'));
    await write("noise.onnx", "not a model at all");
    await fail([
      ["seal order.json half-network.json", 3, "half-network.json", "not valid JSON"],
      ["seal order.json wide-network.json", 3, "layer 1"],
      ["seal network.json network.json", 3, "network.json"],
      ["order create ragged.csv --input-bits 8 --threshold 1 --price 1 --out x.json", 3, "line 2"],
      ["order create words.csv --input-bits 8 --threshold 1 --price 1 --out x.json", 3, "three"],
      ["order create empty.csv --input-bits 8 --threshold 1 --price 1 --out x.json", 3, "empty.csv"],
      ["network import noise.onnx --calibration train.csv --encoding encoding.json --out x.json", 3],
      ["verify half-bundle.json", 3, "not whole"],
      ["fund half-bundle.json --account 1 --yes", 3, "not whole"],
      ["verify changed-bundle.json", 3, "damaged"],
      ["prove order.json --reveal bundle.json --out x.json", 3, "bundle.json"],
    ]);
    expect(market.printed).to.not.contain("48271039");
  });

  it("options and values that cannot be", async () => {
    await fail([
      ["order create test.csv --threshold 0.9 --price 1 --out x.json", 2, "--threshold"],
      ["order create test.csv --threshold 20 --price free --out x.json", 2, "--price"],
      ["order create test.csv --price 1 --out x.json", 2, "--threshold"],
      [
        "order create test.csv --encoding encoding.json --threshold 25 --price 1 --out x.json --account 1",
        2,
        "threshold",
      ],
      ["seal order.json network.json --minimal-rows 3", 2, "--minimal-rows", "--minimum-rows"],
      ["sael order.json", 2, "sael", "seal"],
      ["order reveal order.json --deal nonsense --out x.json", 2, "--deal"],
      ["status none.json", 2, "none.json"],
      ["redeem 0x12 --yes", 2, "0x12"],
      ["seal order.json network.json --proof-system plonk", 2, "--proof-system", "libra, groth16"],
      [
        "seal order.json network.json --minimum-rows 24 --proving-key key.zkey",
        2,
        "no setup",
        "--proof-system groth16",
      ],
      ["prove order.json --reveal reveal.json --out x.json --proof-system groth16", 2, "--proof-system"],
      ["preflight --network network.json --rows 24 --proof-system plonk", 2, "libra, groth16"],
    ]);
  });

  it("a bundle that was made to look whole", async () => {
    const file = JSON.parse(await readFile(path("bundle.json"), "utf8"));
    const forge = async (name: string, change: (content: Record<string, never>) => void): Promise<void> => {
      const content = structuredClone(file.content);
      change(content);
      const sha256 = `0x${createHash("sha256").update(canonicalJson(content)).digest("hex")}`;
      await write(name, JSON.stringify({ ...file, sha256, content }));
    };
    const flip = (hex: string): string => hex.slice(0, -1) + (hex.endsWith("0") ? "1" : "0");
    const forgeProof = async (name: string, change: (proof: string) => string): Promise<void> =>
      forge(name, (content: Record<string, unknown>) => (content.proof = change(content.proof as string)));
    await forgeProof("forged-proof.json", flip);
    await forgeProof("forged-commitment.json", (proof) => flip(proof.slice(0, 66)) + proof.slice(66));
    await forgeProof("forged-middle.json", (proof) => {
      const middle = 2 * Math.floor(proof.length / 4);
      return flip(proof.slice(0, middle)) + proof.slice(middle);
    });
    await forgeProof("short-proof.json", (proof) => proof.slice(0, -64));
    await forgeProof("long-proof.json", (proof) => `${proof}00`);
    await forgeProof("no-proof.json", () => "0x");
    await forge("groth16-name.json", (content: Record<string, Record<string, unknown>>) => {
      content.core!.proofSystem = "groth16";
    });
    await forge("groth16-core.json", (content: Record<string, Record<string, unknown>>) => {
      const digest = `0x${"22".repeat(32)}`;
      Object.assign(content.core!, {
        proofSystem: "groth16",
        keyFiles: { "constraint system": digest, "proving key": digest },
      });
    });
    await forge("key-files.json", (content: Record<string, Record<string, unknown>>) => {
      content.core!.keyFiles = { "proving key": `0x${"22".repeat(32)}` };
    });
    await forge("forged-words.json", (content: Record<string, unknown>) => {
      const words = content.ciphertext as string[];
      words[0] = flip(words[0]!);
    });
    await forge("forged-seller.json", (content: Record<string, unknown>) => (content.seller = `0x${"11".repeat(20)}`));
    await fail([
      ["verify forged-proof.json", 4],
      ["verify forged-proof.json --offline", 4],
      ["verify forged-words.json --offline", 4, "ciphertext"],
      ["verify forged-seller.json --offline", 4, "deal"],
      ["fund forged-proof.json --account 1 --yes", 4],
      ...["forged-commitment", "forged-middle", "short-proof", "long-proof", "no-proof"].map(
        (name) => [`verify ${name}.json --offline`, 4, "proof"] as const,
      ),
      ["verify groth16-name.json --offline", 4, "no Groth16 key"],
      ["verify groth16-core.json --offline", 4, "deal"],
      ["verify key-files.json --offline", 4, "deal"],
    ]);
  });

  it("wrong keys, passwords and accounts", async () => {
    await write("password.txt", `${PASSWORD}\n`);
    await fail([
      ["verify bundle.json --x25519 poor --offline", 4, "X25519"],
      ["verify bundle.json --x25519 nobody --offline", 6, "nobody"],
      ["offer order.json --yes", 6, "--account"],
      ["offer order.json --account nobody --yes", 6, "nobody"],
      ["offer order.json --account 10 --yes", 6],
      ["fund bundle.json --account 2 --yes", 4, "buyer"],
      ["keys create default", 3, "never overwritten"],
      ["keys create short --password-file encoding.json", 6, "8 characters"],
      ["keys create nobody", 6, "password"],
    ]);
    await fail(
      [
        ["withdraw --account poor --yes", 6, "password"],
        ["withdraw --account network.json --yes", 6, "network.json"],
      ],
      { ZKCMP_PASSWORD: "wrong password" },
    );
    await fail([["withdraw --account poor --yes", 6, "ZKCMP_PASSWORD"]]);
    expect(market.printed).to.not.contain(PASSWORD);
  });

  it("accounts that cannot pay the price or the gas", async () => {
    await fail([["fund bundle.json --account 1 --yes", 5, "wei", "payment"]]);
    await market.seller("cancel order.json");
    entries += 1;
    await market.buyer(
      "order create large-test.csv --encoding encoding.json --threshold 40 --sampled-rows 24 --price 1 --out next.json",
    );
    await market.seller("seal next.json network.json --minimum-rows 20");
    await fail([["offer next.json --account poor --yes", 5, "offer"]], { ZKCMP_PASSWORD: PASSWORD });
  });

  it("nodes that are down, on another chain, or none", async () => {
    const mainnet = await startFakeNode({ eth_chainId: MAINNET });
    const noise = await startFakeNode("<html>hello</html>");
    try {
      await fail([
        ["status --rpc-url http://127.0.0.1:9", 5, "127.0.0.1:9", "cannot be reached"],
        ["offer order.json --account 0 --yes --rpc-url http://127.0.0.1:9", 5, "cannot be reached"],
        ["fund bundle.json --account 1 --yes --rpc-url http://127.0.0.1:9", 5, "cannot be reached"],
        ["verify bundle.json --rpc-url http://127.0.0.1:9", 5, "cannot be reached"],
        ["status --rpc-url localhost", 5, "URL"],
        [`status order.json --rpc-url ${noise.url}`, 5, "JSON"],
        [`offer order.json --account 0 --yes --rpc-url ${mainnet.url}`, 5, "chain 1,", "31337"],
        [`fund bundle.json --account 1 --yes --rpc-url ${mainnet.url}`, 5, "chain 1,", "31337"],
        [`verify bundle.json --rpc-url ${mainnet.url}`, 5, "chain 1,", "31337"],
        [`redeem order.json --account 0 --yes --rpc-url ${mainnet.url}`, 5, "chain 1,", "31337"],
      ]);
      expect(new Set(mainnet.methods)).to.deep.equal(new Set(["eth_chainId"]));
    } finally {
      await mainnet.close();
      await noise.close();
    }
  });

  it("development accounts, keys and clocks on a chain with real money", async () => {
    const block = { number: "0x10", timestamp: `0x${Math.floor(Date.now() / 1000).toString(16)}` };
    const mainnet = await startFakeNode({ eth_chainId: MAINNET, eth_getBlockByNumber: block });
    try {
      const create = "order create large-test.csv --encoding encoding.json --threshold 40 --price 1 --x25519 poor";
      await fail([
        [`${create} --out x.json --account 0 --rpc-url ${mainnet.url}`, 6, "development"],
        [`development advance-time 1h --rpc-url ${mainnet.url}`, 2, "embedded"],
      ]);
      const created = await market.run(`${create} --out mainnet.json --account poor --rpc-url ${mainnet.url}`, {
        ZKCMP_PASSWORD: PASSWORD,
      });
      expect(created.code, created.stderr).to.equal(0);
      await fail([
        ["seal mainnet.json network.json --minimum-rows 20 --proof-system groth16", 6, "setup"],
        ["offer mainnet.json --account 0 --yes", 2, "sale"],
      ]);
      const { proofSystem, keyFiles } = await market.json("seal mainnet.json network.json --minimum-rows 20");
      expect({ proofSystem, keyFiles }, "libra needs no setup").to.deep.equal({ proofSystem: "libra", keyFiles: {} });
      expect(mainnet.methods).to.not.include("eth_sendRawTransaction");
    } finally {
      await mainnet.close();
    }
  });

  it("messages of another deal, and a test set that was revealed already", async () => {
    const reveal = JSON.parse(await readFile(path("reveal.json"), "utf8"));
    await write("other-deal.json", JSON.stringify({ ...reveal, dealId: `0x${"01".repeat(32)}` }));
    await write("other-rows.json", JSON.stringify({ ...reveal, salt: `0x${"01".repeat(32)}` }));
    await fail([
      ["prove order.json --reveal other-deal.json --out x.json", 4, "another deal"],
      ["prove order.json --reveal other-rows.json --out x.json", 4],
      [`order reveal order.json --deal 0x${"01".repeat(32)} --out x.json --yes`, 7, "no offer"],
      [
        "order create test.csv --encoding encoding.json --threshold 20 --price 1 --out x.json --account 1",
        4,
        "revealed",
      ],
    ]);
  });

  it("files that exist are left as they are", async () => {
    const before = await readFile(path("network.json"), "utf8");
    await fail([
      ["network import model.json --calibration train.csv --encoding encoding.json --out network.json", 3, "--force"],
      ["order reveal order.json --deal 0x01 --out network.json --yes", 3, "--force"],
      ["prove order.json --out network.json", 3, "--force"],
      ["unseal order.json --out network.json", 3, "--force"],
    ]);
    expect(await readFile(path("network.json"), "utf8")).to.equal(before);
    expect((await readdir(market.folder)).filter((name) => name.endsWith(".tmp") || name === "x.json")).to.deep.equal(
      [],
    );
  });

  it("questions that nobody can answer", async () => {
    await fail([
      ["offer next.json --account 0", 8, "--yes"],
      ["cancel order.json --account 0", 8, "--yes"],
      ["refund order.json --account 1", 8, "--yes"],
      ["redeem order.json --account 0", 8, "--yes"],
      ["withdraw --account 0", 8, "--yes"],
    ]);
  });

  it("a journal that is damaged, or open to others", async () => {
    const other = path("damaged");
    await cp(path("home"), other, { recursive: true });
    const sales = await readdir(join(other, "sales"));
    const file = join(
      other,
      "sales",
      sales.find((name) => name.endsWith(".json"))!,
    );
    const text = await readFile(file, "utf8");
    await writeFile(file, text.slice(0, 500));
    const environment = { ZKCMP_HOME: other, ZKCMP_EMBEDDED_CHAIN: path("home") };
    await fail([["status", 3, "sales"]], environment);
    await chmod(file, 0o644);
    await fail([["status", 3, "other users"]], environment);
    for (const secret of await market.sealSecrets()) expect(market.printed).to.not.contain(secret.slice(2, 40));
  });

  it("says the same in JSON", async () => {
    const run = await market.run("verify none.json --json");
    expect(run.code).to.equal(3);
    const { ok, command, error } = JSON.parse(run.stdout);
    expect({ ok, command, code: error.code }).to.deep.equal({ ok: false, command: "verify", code: 3 });
    const usage = await market.run("verify --json");
    expect(usage.code).to.equal(2);
    expect(JSON.parse(usage.stdout).error.message).to.contain("bundle");
  });
});
