import { getCreateAddress } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { codePart, isCode } from "./contract-code.ts";
import { ESCROW_CODE, POSEIDON_CODE } from "./escrow-code.ts";
import { deterministicEscrowAddress, withAddress } from "./escrow-deployment.ts";
import type { Journal } from "./journal.ts";
import { RpcError } from "./json-rpc.ts";
import { type Connection, isDevelopmentChain, isFinal } from "./network-connection.ts";

/** The contract at an address is not the ModelEscrow that this version knows. */
export class EscrowCodeError extends ZkcmpError {
  constructor(problem: string, fix = "Do not use this contract: no money would be safe in it.") {
    super(problem, fix);
  }
}

/**
 * Checks that the address holds ModelEscrow, linked to a true PoseidonT3, and, off development chains, that it was
 * created by ModelEscrow's own creation code: other creation code could leave the right code behind with credits
 * already written into its storage, which its maker would withdraw from the first price that comes in. An address made
 * by `deployEscrow` shows this by itself; for any other the creating transaction is found once and remembered.
 * @throws {EscrowCodeError} saying what differs
 */
export async function checkEscrowCode(connection: Connection, address: Address, journal: Journal): Promise<void> {
  const library = await checkRuntimeCode(connection, address);
  if (isDevelopmentChain(connection.chainId) || address === deterministicEscrowAddress()) return;
  const known = await journal.escrowCreation(connection.chainId, address);
  if (known !== null) return checkCreation(connection, address, library, known);
  const found = await findCreation(connection, address);
  await checkCreation(connection, address, library, found);
  await journal.rememberEscrow(connection.chainId, address, found);
}

/**
 * Names the transaction that created an escrow, for nodes that keep too little history to find it.
 * @throws {EscrowCodeError} if it did not, or did not with ModelEscrow's creation code
 */
export async function rememberEscrowCreation(
  connection: Connection,
  address: Address,
  journal: Journal,
  transactionHash: Hex,
): Promise<void> {
  const library = await checkRuntimeCode(connection, address);
  await checkCreation(connection, address, library, transactionHash);
  await journal.rememberEscrow(connection.chainId, address, transactionHash);
}

/** @returns the address of the linked PoseidonT3 */
async function checkRuntimeCode({ provider, chainId }: Connection, address: Address): Promise<Address> {
  const code = (await provider.getCode(address)) as Hex;
  if (code === "0x") {
    throw new EscrowCodeError(
      `there is no contract at ${address} on chain ${chainId}`,
      "Check the address and the node's chain.",
    );
  }
  if (!isCode(code, ESCROW_CODE)) {
    throw new EscrowCodeError(`the contract at ${address} is not the ModelEscrow of this version of zkcmp`);
  }
  const libraries = ESCROW_CODE.addresses.map((span) => codePart(code, span));
  const library = libraries[0] as Address;
  const libraryCode = (await provider.getCode(library)) as Hex;
  const isPoseidon =
    isCode(libraryCode, POSEIDON_CODE) &&
    POSEIDON_CODE.addresses.every((span) => codePart(libraryCode, span) === library);
  if (!isPoseidon || libraries.some((other) => other !== library)) {
    throw new EscrowCodeError(`the escrow at ${address} uses a library at ${library} that is not PoseidonT3`);
  }
  return library;
}

async function checkCreation(
  connection: Connection,
  address: Address,
  library: Address,
  transactionHash: Hex,
): Promise<void> {
  const { provider } = connection;
  const transaction = await provider.getTransaction(transactionHash);
  const receipt = await provider.getTransactionReceipt(transactionHash);
  if (transaction === null || receipt === null || receipt.contractAddress?.toLowerCase() !== address) {
    throw new EscrowCodeError(
      `the transaction ${transactionHash} did not create the escrow at ${address}`,
      "Name the transaction that did.",
    );
  }
  const creation = ESCROW_CODE.creationAddresses.reduce(
    (code, span) => withAddress(code, span, library.slice(2)),
    ESCROW_CODE.creation,
  );
  if (transaction.data.toLowerCase() !== creation) {
    throw new EscrowCodeError(`the escrow at ${address} was created by other code than ModelEscrow's`);
  }
  if (!(await isFinal(connection, receipt))) {
    throw new EscrowCodeError(
      `the creation of the escrow at ${address} is not final yet`,
      "Wait a quarter of an hour.",
    );
  }
}

/** Halves the chain down to the first block in which the address has code. */
async function findCreation({ provider }: Connection, address: Address): Promise<Hex> {
  const unknown = new EscrowCodeError(
    `the transaction that created the escrow at ${address} cannot be found with this node`,
    "Use a node that keeps the state of old blocks, or an escrow that was deployed at its deterministic address.",
  );
  let before = -1;
  let after = await provider.getBlockNumber();
  try {
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if ((await provider.getCode(address, middle)) === "0x") before = middle;
      else after = middle;
    }
  } catch (error) {
    if (error instanceof RpcError) throw unknown;
    throw error;
  }
  const block = await provider.getBlock(after, true);
  for (const transaction of block?.prefetchedTransactions ?? []) {
    if (transaction.to === null && getCreateAddress(transaction).toLowerCase() === address) {
      return transaction.hash as Hex;
    }
  }
  throw unknown;
}
