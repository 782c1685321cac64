import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * The rewards contract of one circuit: the hash library that it is linked to, a verifier with the circuit's verification key,
 * and the contract itself with the circuit's shape. Key and shape are parameters of the deployment, with the fields of the
 * contracts' structs `VerificationKey` and `Shape`:
 * `npx hardhat ignition deploy deploy/modules/ShapleyRewards.ts --parameters <file> --network <name>` with a file
 * `{ "ShapleyRewards": { "verificationKey": { "alpha": [..], .. }, "shape": { "providers": 5, .. } } }`.
 * Off development chains `zkcmp` takes part only in contracts that `zkcmp round deploy` made, whose address by itself shows how they
 * were created. (Ignition takes a module from the default export.)
 */
export default buildModule("ShapleyRewards", (m) => {
  const poseidonT4 = m.library("PoseidonT4");
  const rewardsVerifier = m.contract("RewardsVerifier", [m.getParameter("verificationKey")]);
  const shapleyRewards = m.contract("ShapleyRewards", [rewardsVerifier, m.getParameter("shape")], {
    libraries: { PoseidonT4: poseidonT4 },
  });
  return { poseidonT4, rewardsVerifier, shapleyRewards };
});
