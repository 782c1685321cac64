import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { Command } from "@commander-js/extra-typings";
import { contributeKey } from "@zkcmp/groth16/phase-two";
import { circuitFileOf } from "../circuit-file.ts";
import { example } from "../help.ts";
import type { Session } from "../session.ts";

export function setupKeyContributeCommand(session: Session) {
  return new Command("contribute")
    .description("add your secret to a key, and remember that it is in there")
    .argument("<from>", "the .zkey file so far")
    .argument("<to>", "the .zkey file to write")
    .option("--name <name>", "what you call yourself in the file, readable by everyone", "zkcmp")
    .addHelpText("after", example("zkcmp setup key contribute key-0.zkey key-1.zkey --name seller"))
    .action(async (from, to, options) => {
      session.output.progress("contributing to the key");
      const hash = await contributeKey(from, to, options.name);
      await session.contributions.add("key", hash);
      // The description of the circuit goes along with the key.
      if (existsSync(circuitFileOf(from))) await cp(circuitFileOf(from), circuitFileOf(to), { force: false });
      session.output.result({ key: to, contribution: hash }, [
        `Your contribution ${hash} is in ${to}.`,
        `Its hash is kept in ${session.contributions.path}.`,
      ]);
    });
}
