import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { cancelCommand } from "./commands/cancel.ts";
import { developmentAdvanceTimeCommand } from "./commands/development-advance-time.ts";
import { fundCommand } from "./commands/fund.ts";
import { journalBackupCommand } from "./commands/journal-backup.ts";
import { journalRestoreCommand } from "./commands/journal-restore.ts";
import { keysBackupCommand } from "./commands/keys-backup.ts";
import { keysCreateCommand } from "./commands/keys-create.ts";
import { keysRestoreCommand } from "./commands/keys-restore.ts";
import { keysShowCommand } from "./commands/keys-show.ts";
import { networkImportCommand } from "./commands/network-import.ts";
import { networkScoreCommand } from "./commands/network-score.ts";
import { offerCommand } from "./commands/offer.ts";
import { orderCreateCommand } from "./commands/order-create.ts";
import { orderRevealCommand } from "./commands/order-reveal.ts";
import { preflightCommand } from "./commands/preflight.ts";
import { proveCommand } from "./commands/prove.ts";
import { redeemCommand } from "./commands/redeem.ts";
import { refundCommand } from "./commands/refund.ts";
import { roundAcceptCommand } from "./commands/round-accept.ts";
import { roundChartCommand } from "./commands/round-chart.ts";
import { roundClaimCommand } from "./commands/round-claim.ts";
import { roundDeployCommand } from "./commands/round-deploy.ts";
import { roundEncodingCommand } from "./commands/round-encoding.ts";
import { roundForwardCommand } from "./commands/round-forward.ts";
import { roundFundCommand } from "./commands/round-fund.ts";
import { roundOpenCommand } from "./commands/round-open.ts";
import { roundProveCommand } from "./commands/round-prove.ts";
import { roundRegisterCommand } from "./commands/round-register.ts";
import { roundRevokeCommand } from "./commands/round-revoke.ts";
import { roundSampleCommand } from "./commands/round-sample.ts";
import { roundSamplesCommand } from "./commands/round-samples.ts";
import { roundSeedCommand } from "./commands/round-seed.ts";
import { roundSettleCommand } from "./commands/round-settle.ts";
import { roundShapeCommand } from "./commands/round-shape.ts";
import { roundStatusCommand } from "./commands/round-status.ts";
import { roundSubmitCommand } from "./commands/round-submit.ts";
import { roundSweepCommand } from "./commands/round-sweep.ts";
import { sampleCommitCommand } from "./commands/sample-commit.ts";
import { sampleOpenCommand } from "./commands/sample-open.ts";
import { sealCommand } from "./commands/seal.ts";
import { setupDevelopmentCommand } from "./commands/setup-development.ts";
import { setupKeyContributeCommand } from "./commands/setup-key-contribute.ts";
import { setupKeyNewCommand } from "./commands/setup-key-new.ts";
import { setupKeyVerifyCommand } from "./commands/setup-key-verify.ts";
import { setupPhaseOneAcceptPublicCommand } from "./commands/setup-phase-one-accept-public.ts";
import { setupPhaseOneContributeCommand } from "./commands/setup-phase-one-contribute.ts";
import { setupPhaseOneNewCommand } from "./commands/setup-phase-one-new.ts";
import { setupPhaseOnePrepareCommand } from "./commands/setup-phase-one-prepare.ts";
import { statusCommand } from "./commands/status.ts";
import { unsealCommand } from "./commands/unseal.ts";
import { verifyCommand } from "./commands/verify.ts";
import { withdrawCommand } from "./commands/withdraw.ts";
import { EXIT_CODES } from "./exit-code.ts";
import { parseAddress, parseDuration } from "./option-value.ts";
import { DEFAULT_HOME, type GlobalOptions, type Session } from "./session.ts";
import { WHOLE_ROUND } from "./whole-round.ts";
import { WHOLE_SALE } from "./whole-sale.ts";

const exitCodeTable = [
  "",
  "Exit codes:",
  ...EXIT_CODES.map(({ code, meaning }) => `${String(code).padStart(5)}  ${meaning}`),
].join("\n");

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
      new Option("--embedded-chain <folder>", "where the embedded chain is kept (default: in the home folder)").env(
        "ZKCMP_EMBEDDED_CHAIN",
      ),
    )
    .addOption(
      new Option(
        "--account <key>",
        "who signs and pays: the name of a key, a keystore file, or the number of a development account",
      ).env("ZKCMP_ACCOUNT"),
    )
    .option("--password-file <file>", "a file with the keystore's password (else ZKCMP_PASSWORD, else it is asked)")
    .addOption(
      new Option("--escrow <address>", "the ModelEscrow contract (default: the one of this version)")
        .env("ZKCMP_ESCROW")
        .argParser(parseAddress),
    )
    .addOption(
      new Option("--timeout <time>", "how long to wait for the chain").argParser(parseDuration).default(600, "10m"),
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
    group("journal", "what is remembered of your deals and rounds", [
      journalBackupCommand(session),
      journalRestoreCommand(session),
    ]),
    group("network", "trained networks", [networkImportCommand(session), networkScoreCommand(session)]),
    group("order", "buyer: what you ask for", [orderCreateCommand(session), orderRevealCommand(session)]),
    sealCommand(session),
    offerCommand(session),
    group("sample", "deals in which drawn rows are proven", [sampleCommitCommand(session), sampleOpenCommand(session)]),
    proveCommand(session),
    verifyCommand(session),
    fundCommand(session),
    redeemCommand(session),
    unsealCommand(session),
    refundCommand(session),
    cancelCommand(session),
    withdrawCommand(session),
    statusCommand(session),
    preflightCommand(session),
    group("round", "rewards rounds: data providers are paid what their rows were worth to a model", [
      roundEncodingCommand(session),
      roundShapeCommand(session),
      roundDeployCommand(session),
      roundOpenCommand(session),
      roundSamplesCommand(session),
      roundAcceptCommand(session),
      roundRegisterCommand(session),
      roundRevokeCommand(session),
      roundFundCommand(session),
      roundProveCommand(session),
      roundSubmitCommand(session),
      roundClaimCommand(session),
      roundForwardCommand(session),
      roundSettleCommand(session),
      roundSweepCommand(session),
      roundStatusCommand(session),
      roundChartCommand(session),
      roundSeedCommand(session),
      roundSampleCommand(session),
    ]).addHelpText("after", WHOLE_ROUND),
    group("setup", "proving keys of Groth16, for rounds and `seal --proof-system groth16`; libra needs none", [
      setupDevelopmentCommand(session),
      group("phase-one", "powers of tau", [
        setupPhaseOneNewCommand(session),
        setupPhaseOneContributeCommand(session),
        setupPhaseOnePrepareCommand(session),
        setupPhaseOneAcceptPublicCommand(session),
      ]),
      group("key", "keys of one circuit, to which both parties contribute", [
        setupKeyNewCommand(session),
        setupKeyContributeCommand(session),
        setupKeyVerifyCommand(session),
      ]),
    ]),
  ];
  for (const command of commands) program.addCommand(command);
  program.addCommand(group("development", "the embedded chain", [developmentAdvanceTimeCommand(session)]), {
    hidden: true,
  });

  program.hook("preAction", (_, action) => {
    const { json } = program.opts();
    session.output.configure({ json, command: commandName(action) });
    session.configure({ ...program.opts() } as GlobalOptions);
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
