import { ZkcmpError } from "@zkcmp/field/error";
import { METHOD_NOT_FOUND, RpcError } from "./json-rpc.ts";
import { chainTime, type Connection, isDevelopmentChain } from "./network-connection.ts";

/** The clock of this chain is not for anybody to move. */
export class ClockError extends ZkcmpError {}

/**
 * Moves a development chain's clock ahead to a time, to try what comes then, and mines a block there. Does nothing if it
 * is that late already.
 * @param time unix seconds
 * @returns the chain's time afterwards
 * @throws {ClockError} on any other chain, and where the node does not let it be moved
 */
export async function moveClock(connection: Connection, time: number): Promise<number> {
  if (!isDevelopmentChain(connection.chainId)) {
    throw new ClockError(
      `the clock of chain ${connection.chainId} cannot be moved`,
      "Wait, or try it on a development chain.",
    );
  }
  const seconds = time - (await chainTime(connection));
  if (seconds > 0) {
    try {
      await connection.provider.send("evm_increaseTime", [seconds]);
      await connection.provider.send("evm_mine", []);
    } catch (error) {
      if (!(error instanceof RpcError) || error.code !== METHOD_NOT_FOUND) throw error;
      throw new ClockError(
        "the node does not let its clock be moved",
        "Use `zkcmp development advance-time` where the chain is embedded in the command line.",
      );
    }
  }
  return chainTime(connection);
}
