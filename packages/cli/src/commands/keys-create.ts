import { existsSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { example } from "../help.ts";
import { newPasswordSource } from "../password.ts";
import type { Session } from "../session.ts";

export function keysCreateCommand(session: Session) {
  return new Command("create")
    .description("make an X25519 key, which opens what you buy, and an encrypted keystore, which pays and signs")
    .argument("[name]", "a name of your choice", "default")
    .option("--no-keystore", "make the X25519 key alone, for a development chain with its own accounts")
    .addHelpText("after", example("zkcmp keys create --password-file password.txt", "zkcmp keys create --no-keystore"))
    .action(async (name, options) => {
      const { keys, output } = session;
      keys.expectFree(name);
      // The X25519 key comes last: a run that was broken off before it goes on with the keystore that it made.
      if (options.keystore && !existsSync(keys.keystorePath(name))) {
        output.progress("making the keystore");
        await keys.createAccount(name, newPasswordSource(session, "the keystore"));
      }
      const { publicKey } = await keys.createX25519(name);
      const account = (await keys.list()).find((key) => key.name === name)?.account ?? null;
      output.result({ name, publicKey, account, folder: keys.folder }, [
        `X25519 key ${publicKey}`,
        ...(account === null ? [] : [`Account    ${account}`]),
        `In ${keys.folder}. A lost X25519 key loses what was bought with it: make a backup with \`zkcmp keys backup\`.`,
      ]);
    });
}
