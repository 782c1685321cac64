import { Command } from "@commander-js/extra-typings";
import { importJournal } from "@zkcmp/chain/journal-backup";
import { readTextFile } from "../file.ts";
import { example } from "../help.ts";
import type { Session } from "../session.ts";

export function journalRestoreCommand(session: Session) {
  return new Command("restore")
    .description("put back what the journal lacks; what it has stays as it is")
    .argument("<file>", "what `journal backup` or the page wrote")
    .addHelpText("after", example("zkcmp journal restore /media/stick/zkcmp-journal.json"))
    .action(async (file) => {
      const { journal, keys, output } = session;
      const text = await readTextFile(file, "a backup of a journal");
      const named = await keys.list();
      const keyPathOf = async (publicKey: string): Promise<string | null> => {
        const found = named.find((each) => each.publicKey === publicKey);
        return found === undefined ? null : keys.x25519Path(found.name);
      };
      output.progress("restoring the journal");
      const { restored, kept, same } = await importJournal(journal, text, { keyPathOf });
      output.result({ home: journal.home, restored, kept, same }, [
        `Restored ${restored.length} files; ${same} were here already.`,
        ...kept.map((name) => `${name} says something else here and stays as it is.`),
        "What was done after the backup was made is not in it: look at each deal with `zkcmp status` before you go on, and go on in one place only.",
      ]);
    });
}
