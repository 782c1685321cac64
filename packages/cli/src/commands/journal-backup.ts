import { Command } from "@commander-js/extra-typings";
import { exportJournal } from "@zkcmp/chain/journal-backup";
import { expectWritable, writeSecretFile } from "../file.ts";
import { example } from "../help.ts";
import type { Session } from "../session.ts";

export function journalBackupCommand(session: Session) {
  return new Command("backup")
    .description("write all deals and rounds into one file; it holds their secrets, not encrypted")
    .requiredOption("--out <file>", "where to write it; it is never overwritten")
    .addHelpText("after", example("zkcmp journal backup --out /media/stick/zkcmp-journal.json"))
    .action(async ({ out }) => {
      const { journal, output } = session;
      expectWritable(out, false);
      output.progress("reading the journal");
      await writeSecretFile(out, await exportJournal(journal));
      output.result({ file: out }, [
        `The journal of ${journal.home} is in ${out}.`,
        "The file is not encrypted: whoever reads it has the keys of your sealed networks, the networks, and your test sets.",
        "It holds no X25519 keys and no accounts: for those, `zkcmp keys backup`.",
        "Go on in one place only: what is done here from now on is not in the backup.",
      ]);
    });
}
