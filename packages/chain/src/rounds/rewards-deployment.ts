import { AbiCoder } from "ethers";
import type { G2Point } from "@zkcmp/groth16/points";
import type { VerificationKey } from "@zkcmp/groth16/verification-key";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import type { Account } from "../account.ts";
import { create2Address, deployDeterministically } from "../deterministic-deployment.ts";
import { withAddress } from "../escrow-deployment.ts";
import type { Connection } from "../network-connection.ts";
import { POSEIDON_T4_CODE, REWARDS_CODE, REWARDS_VERIFIER_CODE } from "../rewards-code.ts";

/** A rewards contract with the verifier that it was made for. */
export interface RewardsAddresses {
  readonly rewards: Address;
  readonly verifier: Address;
}

const KEY_TYPE = "tuple(uint256[2] alpha, uint256[4] beta, uint256[4] gamma, uint256[4] delta, uint256[2][9] ic)";
const SHAPE_TYPE =
  "tuple(uint8 providers, uint32 rows, uint16 features, uint16 outputs, uint8 dataBits, uint8 fractionBits, uint8 integerBits, uint32 validationRows)";

/** As RewardsVerifier's constructor takes it: coordinates of G2 in the order of EIP-197. */
function contractKey({ alpha, beta, gamma, delta, ic }: VerificationKey) {
  const g2 = ({ x, y }: G2Point) => [x[1], x[0], y[1], y[0]];
  return {
    alpha: [alpha.x, alpha.y],
    beta: g2(beta),
    gamma: g2(gamma),
    delta: g2(delta),
    ic: ic.map(({ x, y }) => [x, y]),
  };
}

function creations(key: VerificationKey, shape: RoundShape): { library: Hex; verifier: Hex; rewards: Hex } {
  const abi = AbiCoder.defaultAbiCoder();
  const library = POSEIDON_T4_CODE.creation;
  const verifier: Hex = `${REWARDS_VERIFIER_CODE.creation}${abi.encode([KEY_TYPE], [contractKey(key)]).slice(2)}`;
  const linked = REWARDS_CODE.creationAddresses.reduce(
    (code, span) => withAddress(code, span, create2Address(library).slice(2)),
    REWARDS_CODE.creation,
  );
  const arguments_ = abi.encode(["address", SHAPE_TYPE], [create2Address(verifier), shape]);
  return { library, verifier, rewards: `${linked}${arguments_.slice(2)}` };
}

/**
 * The addresses that verifier and rewards contract of a key and a shape have on every chain where they were deployed with
 * {@link deployRewards}: they hash all code, the key and the shape, so the address alone shows that the contract is the right one.
 */
export function deterministicRewards(key: VerificationKey, shape: RoundShape): RewardsAddresses {
  const { verifier, rewards } = creations(key, shape);
  return { verifier: create2Address(verifier), rewards: create2Address(rewards) };
}

/**
 * Deploys PoseidonT4, RewardsVerifier and ShapleyRewards, unless they are there already.
 * @param key of the circuit of `shape`; off development chains from a ceremony
 * @returns {@link deterministicRewards}
 * @throws {OutOfFundsError}, {TransactionError}, {NodeError}
 */
export async function deployRewards(
  connection: Connection,
  wallet: Account,
  key: VerificationKey,
  shape: RoundShape,
): Promise<RewardsAddresses> {
  const { library, verifier, rewards } = creations(key, shape);
  await deployDeterministically(connection, wallet, [library, verifier, rewards]);
  return deterministicRewards(key, shape);
}
