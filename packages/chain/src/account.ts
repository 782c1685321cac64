import type { JsonRpcApiProvider, TransactionRequest, TypedDataDomain, TypedDataField } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";

/** An account cannot be opened, or must not be used on this chain. */
export class WalletError extends ZkcmpError {}

/** The wallet has signed and sent nothing, and will not do what it was asked for: the same step can be begun again. */
export class NotSentError extends WalletError {}

/** What both kinds of accounts can do. */
interface Signer {
  /** In any case of letters; {@link walletAddress} gives it as orders write it. */
  readonly address: string;
  /** Signs EIP-712 typed data. */
  signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    // As ethers declares it, so that its wallets fit.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    message: Record<string, any>,
  ): Promise<string>;
}

/** An account whose key is in this process: signs, and leaves the sending to others. ethers' wallets fit. */
export interface KeyAccount extends Signer {
  signTransaction(request: TransactionRequest): Promise<string>;
}

/** What a wallet is asked to send. */
export interface WalletCall {
  readonly to: Address;
  readonly data: Hex;
  /** Wei. */
  readonly value: bigint;
  readonly gasLimit?: bigint;
  readonly chainId: number;
}

/** An account whose key is in a wallet, which signs and broadcasts in one go. */
export interface WalletAccount extends Signer {
  /**
   * Brings the wallet to a chain, and makes sure that it still offers the account. Asks for no signature.
   * @throws {NotSentError} if it is not to be had, {WalletError} for an account that everybody has the key of
   */
  prepare(chainId: number): Promise<void>;
  /** The code at an address as the wallet's own node has it, in lower case; null where the wallet does not tell. */
  codeAt(address: Address): Promise<Hex | null>;
  /**
   * Asks the wallet. Any error but those below leaves open whether the call was sent.
   * @returns the transaction's hash, as the wallet tells it
   * @throws {NotSentError} if the wallet has certainly sent nothing, and will not
   */
  sendTransaction(call: WalletCall): Promise<Hex>;
  /** The wallet's own node, for questions about the chain that the wallet is on. Destroy it after use. */
  node(chainId: number): JsonRpcApiProvider;
}

/** Who signs. */
export type Account = KeyAccount | WalletAccount;

/** Whether this process signs itself. ethers' wallets can send, too, so what tells them apart is that they sign. */
export function hasKey(account: Account): account is KeyAccount {
  return "signTransaction" in account;
}

/** The address as orders and bundles write it: lower case. */
export function walletAddress({ address }: Pick<Account, "address">): Address {
  return address.toLowerCase() as Address;
}
