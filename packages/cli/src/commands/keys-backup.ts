import { Command } from "@commander-js/extra-typings";
import { expectWritable, writeSecretFile } from "../file.ts";
import { example } from "../help.ts";
import { choosePassword } from "../password.ts";
import type { Session } from "../session.ts";

export function keysBackupCommand(session: Session) {
  return new Command("backup")
    .description("write all your keys into one file, encrypted with a password")
    .argument("<file>", "where to write it; it is never overwritten")
    .addHelpText("after", example("zkcmp keys backup /media/stick/zkcmp-keys.json"))
    .action(async (file) => {
      const { keys, output } = session;
      expectWritable(file, false);
      const password = await choosePassword(session.terminal, session.options.passwordFile, "the backup");
      output.progress("encrypting the backup");
      await writeSecretFile(file, await keys.backup(password));
      output.result({ file, keys: await keys.list() }, [
        `The keys of ${keys.folder} are in ${file}, encrypted. Keep it on another medium.`,
        "It holds no deals: what a running sale needs lies in the journal, in the same home folder.",
      ]);
    });
}
