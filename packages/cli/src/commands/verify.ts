import { Command } from "@commander-js/extra-typings";
import { checkBundleFile, checkJson, checkLines } from "../bundle-check.ts";
import { example } from "../help.ts";
import { REQUIRED_PROOF_SYSTEM_OPTION } from "../proof-system-option.ts";
import type { Session } from "../session.ts";

export function verifyCommand(session: Session) {
  return new Command("verify")
    .description("buyer: check a bundle completely, and say what was checked and what was not; spends nothing")
    .argument("<bundle>", "the bundle from the seller")
    .option("--offline", "leave out what needs a node", false)
    .option("--x25519 <key>", "name or file of the order's key (default: the one it was placed with)")
    .addOption(REQUIRED_PROOF_SYSTEM_OPTION)
    .option("--reveal <file>", "check on a machine without your journal, with what `order reveal` wrote")
    .option("--round <file>", "check that the model sold is the one that this rewards round trained")
    .addHelpText("after", example("zkcmp verify bundle.json"))
    .action(async (path, options) => {
      const result = await checkBundleFile(session, path, options);
      session.output.result(checkJson(result), checkLines(result));
    });
}
