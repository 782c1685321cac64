import { Command } from "@commander-js/extra-typings";
import { example } from "../help.ts";
import type { Session } from "../session.ts";

export function keysShowCommand(session: Session) {
  return new Command("show")
    .description("list your keys: names, X25519 public keys and accounts, never the secret halves")
    .addHelpText("after", example("zkcmp keys show"))
    .action(async () => {
      const { keys, output } = session;
      const list = await keys.list();
      output.result(
        { folder: keys.folder, keys: list },
        list.length === 0
          ? [`There are no keys in ${keys.folder}; make some with \`zkcmp keys create\`.`]
          : list.map(
              ({ name, publicKey, account }) => `${name}: X25519 ${publicKey ?? "-"}, account ${account ?? "-"}`,
            ),
      );
    });
}
