import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { keysBackupCommand } from "./commands/keys-backup.ts";
import { keysCreateCommand } from "./commands/keys-create.ts";
import { keysRestoreCommand } from "./commands/keys-restore.ts";
import { keysShowCommand } from "./commands/keys-show.ts";
import { networkImportCommand } from "./commands/network-import.ts";
import { networkScoreCommand } from "./commands/network-score.ts";
import { EXIT_CODES } from "./exit-code.ts";
import { parseAddress } from "./option-value.ts";
import { DEFAULT_HOME, type Session } from "./session.ts";

const WHOLE_SALE = `
A whole sale, all rows proven (S: the seller's computer, B: the buyer's):
`;

const exitCodeTable = ["", "Exit codes:", ...EXIT_CODES.map(({ code, meaning }) => `  ${code}  ${meaning}`)].join("\n");

function group(name: string, description: string, commands: readonly CommandUnknownOpts[]): CommandUnknownOpts {
  const parent = new Command(name).description(description);
  for (const command of commands) parent.addCommand(command);
  return parent;
}

/** The program `zkcmp` with all its commands, which run in `session`. */
export function createProgram(session: Session, version: string) {
  const program = new Command("zkcmp")
    .description("Sell and buy trained networks for coins, with zero-knowledge proofs in the place of trust.")
    .version(version)
    .addOption(new Option("--home <folder>", "keys, journal and circuits").env("ZKCMP_HOME").default(DEFAULT_HOME))
    .addOption(new Option("--rpc-url <url>", "an Ethereum node (default: the embedded chain)").env("ZKCMP_RPC_URL"))
    .addOption(
      new Option(
        "--account <key>",
        "who signs and pays: the name of a key, a keystore file, or the number of a development account",
      ).env("ZKCMP_ACCOUNT"),
    )
    .option("--password-file <file>", "a file with the keystore's password (else ZKCMP_PASSWORD, else it is asked)")
    .addOption(
      new Option("--escrow <address>", "the ModelEscrow contract (default: that of the embedded chain)")
        .env("ZKCMP_ESCROW")
        .argParser(parseAddress),
    )
    .option("--json", "write one JSON object to standard output", false)
    .option("--yes", "answer yes to questions before money, keys or data leave your hands", false)
    .option("--force", "replace output files that exist; never files with secrets", false)
    .addHelpText("after", WHOLE_SALE + exitCodeTable);

  const commands: CommandUnknownOpts[] = [
    group("keys", "your keys", [
      keysCreateCommand(session),
      keysShowCommand(session),
      keysBackupCommand(session),
      keysRestoreCommand(session),
    ]),
    group("network", "trained networks", [networkImportCommand(session), networkScoreCommand(session)]),
  ];
  for (const command of commands) program.addCommand(command);

  program.hook("preAction", (_, action) => {
    const { json } = program.opts();
    session.output.configure({ json, command: commandName(action) });
    session.configure(program.opts());
  });
  settle(program, session);
  return program;
}

/** The words that name a command, such as `order create`. */
function commandName(command: CommandUnknownOpts): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${commandName(parent)} ${command.name()}`;
}

/** Errors are thrown, not printed and exited on, in this command and all below it. */
function settle(command: CommandUnknownOpts, session: Session): void {
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => session.output.help(text),
      writeErr: (text) => session.output.help(text),
      outputError: () => undefined,
    });
  for (const child of command.commands) settle(child, session);
}
