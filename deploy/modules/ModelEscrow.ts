import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * The escrow and the hash library that it is linked to. The same command deploys it everywhere:
 * `npx hardhat ignition deploy deploy/modules/ModelEscrow.ts --network <name>`, without `--network` to the embedded
 * chain. (Ignition takes a module from the default export.)
 */
export default buildModule("ModelEscrow", (m) => {
  const poseidonT3 = m.library("PoseidonT3");
  const modelEscrow = m.contract("ModelEscrow", [], { libraries: { PoseidonT3: poseidonT3 } });
  return { poseidonT3, modelEscrow };
});
