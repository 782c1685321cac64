import { Command } from "@commander-js/extra-typings";
import { KeyError } from "../cli-error.ts";
import { expectWritable, writeSecretFile } from "../file.ts";
import { example } from "../help.ts";
import { newPasswordSource, passwordFrom } from "../password.ts";
import type { Session } from "../session.ts";

export function keysBackupCommand(session: Session) {
  return new Command("backup")
    .description("write all your keys into one file, encrypted with a password")
    .argument("<file>", "where to write it; it is never overwritten")
    .addHelpText("after", example("zkcmp keys backup /media/stick/zkcmp-keys.json"))
    .action(async (file) => {
      const { keys, output } = session;
      expectWritable(file, false);
      const password = await passwordFrom(newPasswordSource(session, "the backup"), "the backup");
      if (password.length < 8) throw new KeyError("the password has fewer than 8 characters", "Choose a longer one.");
      output.progress("encrypting the backup");
      await writeSecretFile(file, await keys.backup(password));
      output.result({ file, keys: await keys.list() }, [
        `The keys of ${keys.folder} are in ${file}, encrypted. Keep it on another medium.`,
        "It holds no deals: what a running sale needs lies in the journal, in the same home folder.",
      ]);
    });
}
