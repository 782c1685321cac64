import { Command } from "@commander-js/extra-typings";
import { chainTime } from "@zkcmp/chain/network-connection";
import { formatTime } from "@zkcmp/sale/time";
import { UsageError } from "../cli-error.ts";
import { example } from "../help.ts";
import { parseDuration } from "../option-value.ts";
import type { Session } from "../session.ts";

/** A test aid, not listed in the help. */
export function developmentAdvanceTimeCommand(session: Session) {
  return new Command("advance-time")
    .description("move the clock of the embedded chain ahead, to try refunds")
    .argument("<time>", "how far, such as 25h", parseDuration)
    .addHelpText("after", example("zkcmp development advance-time 25h"))
    .action(async (seconds) => {
      if (session.options.rpcUrl !== undefined) {
        throw new UsageError("only the embedded chain's clock can be moved", "Leave --rpc-url away.");
      }
      const chain = await session.embeddedChain();
      await chain.advanceTime(seconds);
      const now = await chainTime(chain);
      session.output.result({ now }, [`The embedded chain's clock is at ${formatTime(now)}.`]);
    });
}
