import { fileURLToPath } from "node:url";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { RpcError, type Transport } from "./json-rpc.ts";
import { developmentKeys } from "./development-account.ts";

/** 10,000 ether in wei. */
const BALANCE = "10000000000000000000000";

/** A chain in this process, forgotten when it is closed. */
export interface LocalChain {
  readonly transport: Transport;
  close(): Promise<void>;
}

/**
 * Starts a chain of Hardhat's in this process: mines every transaction at once, and has the development accounts, with
 * 10,000 ether each.
 * @param startTime unix seconds of the first block
 */
export async function startLocalChain(chainId: number, startTime: number): Promise<LocalChain> {
  const hre = await createHardhatRuntimeEnvironment(
    {
      networks: {
        local: {
          type: "edr-simulated",
          chainType: "l1",
          chainId,
          hardfork: "osaka",
          initialDate: new Date(1000 * startTime),
          allowBlocksWithSameTimestamp: true,
          // As on any other chain, whoever sends a transaction learns from the receipt that it failed.
          throwOnTransactionFailures: false,
          // Keys, because Hardhat takes a fifth of a command's time to derive them from the mnemonic.
          accounts: developmentKeys().map((privateKey) => ({ privateKey, balance: BALANCE })),
        },
      },
    },
    {},
    fileURLToPath(new URL("..", import.meta.url)),
  );
  const chain = await hre.network.create("local");
  return {
    transport: async (method, params) => {
      try {
        return await chain.provider.request({ method, params });
      } catch (error) {
        const { code = -32000, message, data } = error as { code?: number; message: string; data?: unknown };
        throw new RpcError(method, { code, message, data });
      }
    },
    close: () => chain.close(),
  };
}
