import { Command } from "@commander-js/extra-typings";
import { example } from "../help.ts";
import { passwordFrom, passwordSource } from "../password.ts";
import type { Session } from "../session.ts";

export function keysRestoreCommand(session: Session) {
  return new Command("restore")
    .description("put the keys of a backup back; keys that are here stay as they are")
    .argument("<file>", "what `keys backup` wrote")
    .addHelpText("after", example("zkcmp keys restore /media/stick/zkcmp-keys.json"))
    .action(async (file) => {
      const { keys, output } = session;
      const password = await passwordFrom(passwordSource(session, file), file);
      output.progress("opening the backup");
      const written = await keys.restore(file, password);
      output.result({ folder: keys.folder, written }, [
        written.length === 0 ? "All keys of the backup are here already." : `Restored ${written.join(", ")}.`,
      ]);
    });
}
