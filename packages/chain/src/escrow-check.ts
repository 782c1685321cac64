import { ZkcmpError } from "@zkcmp/field/error";
import type { Address } from "@zkcmp/sale/order";
import type { Journal } from "./journal.ts";
import type { Connection } from "./network-connection.ts";

/** The contract at an address is not the ModelEscrow that this version knows. */
export class EscrowCodeError extends ZkcmpError {}

/**
 * Checks that the address holds ModelEscrow, linked to a true PoseidonT3, and, off development chains, that it was created by
 * ModelEscrow's own creation code: other creation code could leave the right code behind with credits already
 * written into its storage. Runs before any money moves; every step of seller/ and buyer/ that sends calls it itself.
 * @param journal remembers which transaction created the contract, so that it is searched once only
 * @throws {EscrowCodeError} saying what differs
 */
export async function checkEscrowCode(connection: Connection, address: Address, journal: Journal): Promise<void> {
  throw new EscrowCodeError(`to come ${connection.chainId} ${address}`, journal.home);
}
