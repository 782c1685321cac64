import { fileURLToPath } from "node:url";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";

/**
 * The Solidity compiler of the npm package, so that nothing is downloaded when contracts are compiled. Without the
 * metadata's hash, because that hash changes with what happens to be compiled together, while clients know the escrow and
 * its library by the hash of their code.
 */
const solc = {
  version: "0.8.37",
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  isolated: false,
  settings: {
    optimizer: { enabled: true, runs: 200 },
    evmVersion: "cancun",
    metadata: { bytecodeHash: "none" },
  },
};

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  paths: { ignition: "./deploy" },
  // Ignition deploys with `production`; spelt out, it is the bytecode that the tests ran.
  solidity: {
    profiles: { default: solc, production: solc },
    npmFilesToBuild: ["poseidon-solidity/PoseidonT3.sol", "poseidon-solidity/PoseidonT4.sol"],
  },
  // The generated types hold namespaces, which tsconfig's erasableSyntaxOnly refuses.
  typechain: { tsNocheck: true },
  networks: {
    localhost: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545" },
    anvil: { type: "http", chainType: "l1", url: "http://127.0.0.1:8546" },
    sepolia: {
      type: "http",
      chainType: "l1",
      url: configVariable("SEPOLIA_RPC_URL"),
      accounts: [configVariable("SEPOLIA_PRIVATE_KEY")],
    },
  },
  test: {
    mocha: { timeout: 60_000 },
    solidity: { fuzz: { runs: 256 }, invariant: { runs: 64, depth: 50, failOnRevert: true } },
  },
});
