import { Command } from "@commander-js/extra-typings";
import { acceptDisclosure } from "@zkcmp/chain/rounds/accept";
import { encodeReceipt } from "@zkcmp/chain/rounds/round-message";
import type { SampleFacts } from "@zkcmp/chain/rounds/sample-facts";
import { fieldToHex } from "@zkcmp/sale/hex";
import { percent } from "@zkcmp/network/score-lines";
import { writeResult } from "../file.ts";
import { example } from "../help.ts";
import { readDisclosure } from "../round-input.ts";
import { roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";

export function roundAcceptCommand(session: Session) {
  return new Command("accept")
    .description("model owner: check a provider's disclosure, keep it, and give the receipt to register with")
    .argument("<disclosure>", "the file that the provider's `round samples` wrote")
    .requiredOption("--out <file>", "where to write the receipt, which goes to the provider")
    .addHelpText("after", example("zkcmp round accept disclosure.json --out receipt.json --account 0"))
    .action(async (path, options) => {
      const disclosure = await readDisclosure(path);
      const party = await session.party({ chainId: disclosure.chainId });
      const { round, message, facts, unregistered } = await acceptDisclosure(party, disclosure);
      await writeResult(options.out, encodeReceipt(message), session.options);
      const { payee, commitment } = message;
      session.output.result(
        { ...roundJson(round), payee, commitment: fieldToHex(commitment), file: options.out, facts, unregistered },
        [
          `The disclosure opens the commitment of ${payee}, and is kept in ${session.options.home}.`,
          ...factLines(facts, round.shape.features + round.shape.outputs),
          `The receipt is ${options.out}: send it to the provider. Providers with a receipt who have not registered yet: ${unregistered}.`,
        ],
      );
    });
}

function factLines({ rows, repeated, clipped, constant, shared }: SampleFacts, columns: number): string[] {
  return [
    `${rows} rows; ${repeated} of them occur again, ${percent(clipped)} of the digits lie at the end of their range.`,
    ...(constant.length === 0
      ? []
      : [`${constant.length} of ${columns} columns never change: ${constant.map((k) => k + 1).join(", ")}.`]),
    ...shared.map((other) => `${other.rows} rows are also those of ${other.payee}.`),
  ];
}
