/** What is used of a wallet's provider (EIP-1193). */
export interface Provider {
  request(args: { method: string; params?: unknown[] }): Promise<unknown>;
  on?(event: string, listener: (value: unknown) => void): unknown;
  removeListener?(event: string, listener: (value: unknown) => void): unknown;
}

/** All that the page ever asks of a wallet. */
const ALLOWED: readonly string[] = [
  "eth_requestAccounts",
  "eth_accounts",
  "eth_chainId",
  "eth_sendTransaction",
  "eth_signTypedData_v4",
  "wallet_switchEthereumChain",
  "wallet_addEthereumChain",
  // Reads: a wallet that is a contract is asked for its own signatures, and what is to be called is compared with what the node says.
  "eth_getCode",
  "eth_call",
  "eth_getTransactionByHash",
  "eth_getTransactionReceipt",
  "eth_getBlockByNumber",
];

/** EIP-1193's code for a method that is not supported. */
const UNSUPPORTED = 4200;

/** Asks the wallet for what the page needs, and for nothing else. */
export function limitedRequest(provider: Provider): Provider["request"] {
  return async ({ method, params }) => {
    if (!ALLOWED.includes(method)) {
      throw Object.assign(new Error(`this page does not ask wallets for ${method}`), { code: UNSUPPORTED });
    }
    return provider.request(params === undefined ? { method } : { method, params });
  };
}
