import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * Public seeds for rounds of more than twelve providers: one contract for all rewards contracts of a chain.
 * `npx hardhat ignition deploy deploy/modules/BlockSeed.ts --network <name>`
 * (Ignition takes a module from the default export.)
 */
export default buildModule("BlockSeed", (m) => ({ blockSeed: m.contract("BlockSeed") }));
