import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { HDNodeWallet, JsonRpcProvider } from "ethers";
import hre from "hardhat";
import type { Artifact } from "hardhat/types/artifacts";

/**
 * A testnet deployment, rehearsed: the escrow goes to a chain in a process of its own, with Sepolia's chain id, by the
 * very command that the README gives to an operator, and what stands there afterwards is compared byte by byte with
 * what the tests ran.
 */

const root = fileURLToPath(new URL("../../", import.meta.url));
const hardhat = fileURLToPath(new URL("cli.js", import.meta.resolve("hardhat")));
const sepoliaChainId = 11_155_111;

/** The first account of Hardhat's public development mnemonic, which owns ether on the rehearsal chain only. */
const { privateKey } = HDNodeWallet.fromPhrase(
  "test test test test test test test test test test test junk",
  undefined,
  "m/44'/60'/0'/0/0",
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** An artifact's runtime code as it must stand at `address`, with its library's address put in. */
function expectedCode(artifact: Artifact, address: string, library?: string): string {
  expect(artifact.immutableReferences ?? {}).to.deep.equal({}, "immutables would have to be put in as well");
  let code = artifact.deployedBytecode.slice(2);
  const put = (start: number, value: string) => {
    code = code.slice(0, 2 * start) + value.slice(2).toLowerCase() + code.slice(2 * start + 40);
  };
  const references = Object.values(artifact.deployedLinkReferences ?? {}).flatMap((names) =>
    Object.values(names).flat(),
  );
  expect(references.length).to.equal(library === undefined ? 0 : 1);
  for (const { start } of references) put(start, library!);
  // A library's code begins with its own address (PUSH20), written at deployment to tell calls from delegate calls.
  if (library === undefined) put(1, address);
  return `0x${code}`;
}

describe("rehearsal of a testnet deployment", function () {
  this.timeout(180_000);

  const deploymentId = `rehearsal-${process.pid}`;
  const deployment = new URL(`../../deploy/deployments/${deploymentId}/`, import.meta.url);
  let poseidonArtifact: Artifact;
  let escrowArtifact: Artifact;
  let node: ChildProcess;
  let url: string;
  let provider: JsonRpcProvider;

  before(async () => {
    // Read now, since the deployment compiles again, with settings that might differ.
    poseidonArtifact = await hre.artifacts.readArtifact("PoseidonT3");
    escrowArtifact = await hre.artifacts.readArtifact("ModelEscrow");
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    node = spawn(
      process.execPath,
      [hardhat, "node", "--hostname", "127.0.0.1", "--port", `${port}`, "--chain-id", `${sepoliaChainId}`],
      { cwd: root, stdio: "ignore" },
    );
    process.once("exit", () => node.kill());
    provider = new JsonRpcProvider(url, sepoliaChainId, { staticNetwork: true });
    for (;;) {
      expect(node.exitCode).to.equal(null, "the node has ended");
      const answer = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }),
      }).catch(() => undefined);
      if (answer?.ok) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });

  after(async () => {
    provider.destroy();
    if (node.kill()) await once(node, "exit");
    await rm(deployment, { recursive: true, force: true });
  });

  it("deploys by the operator's command what the tests have run", async () => {
    const command = spawn(
      process.execPath,
      [
        hardhat,
        ...["ignition", "deploy", "deploy/modules/ModelEscrow.ts", "--network", "sepolia"],
        ...["--deployment-id", deploymentId],
      ],
      {
        cwd: root,
        env: {
          ...process.env,
          SEPOLIA_RPC_URL: url,
          SEPOLIA_PRIVATE_KEY: privateKey,
          HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: "true",
        },
      },
    );
    let output = "";
    command.stdout.on("data", (text) => (output += text));
    command.stderr.on("data", (text) => (output += text));
    // On a testnet blocks come by themselves, and the deployment waits for some on top of each transaction.
    const blocks = setInterval(() => void provider.send("evm_mine", []), 200);
    try {
      const [exitCode] = await once(command, "close");
      expect(exitCode).to.equal(0, output);
    } finally {
      clearInterval(blocks);
    }

    const addresses = JSON.parse(await readFile(new URL("deployed_addresses.json", deployment), "utf8")) as Record<
      string,
      string
    >;
    const poseidonT3 = addresses["ModelEscrow#PoseidonT3"]!;
    const modelEscrow = addresses["ModelEscrow#ModelEscrow"]!;
    expect(await provider.getCode(poseidonT3)).to.equal(expectedCode(poseidonArtifact, poseidonT3));
    expect(await provider.getCode(modelEscrow)).to.equal(expectedCode(escrowArtifact, modelEscrow, poseidonT3));
  });
});
