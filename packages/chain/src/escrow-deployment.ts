import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { Account } from "./account.ts";
import { create2Address, deployDeterministically } from "./deterministic-deployment.ts";
import { type CodeSpan, ESCROW_CODE, POSEIDON_CODE } from "./escrow-code.ts";
import type { Connection } from "./network-connection.ts";

/** Replaces a part of a code. @param digits hexadecimal digits without 0x */
export function withAddress(code: Hex, { start, length }: CodeSpan, digits: string): Hex {
  return `0x${code.slice(2, 2 + 2 * start)}${digits}${code.slice(2 + 2 * (start + length))}`;
}

function linkedEscrow(): Hex {
  const library = create2Address(POSEIDON_CODE.creation).slice(2);
  return ESCROW_CODE.creationAddresses.reduce((code, span) => withAddress(code, span, library), ESCROW_CODE.creation);
}

/**
 * The address that ModelEscrow of this version has on every chain where it was deployed with {@link deployEscrow}: it
 * hashes the creation code, so the address alone shows that the contract is the right one.
 */
export function deterministicEscrowAddress(): Address {
  return create2Address(linkedEscrow());
}

/**
 * Deploys PoseidonT3 and ModelEscrow, unless they are there already.
 * @returns {@link deterministicEscrowAddress}
 * @throws {OutOfFundsError}, {TransactionError}, {NodeError}
 */
export async function deployEscrow(connection: Connection, wallet: Account): Promise<Address> {
  await deployDeterministically(connection, wallet, [POSEIDON_CODE.creation, linkedEscrow()]);
  return deterministicEscrowAddress();
}
