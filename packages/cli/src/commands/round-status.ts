import { Command } from "@commander-js/extra-typings";
import { checkRound } from "@zkcmp/chain/rounds/rewards-check";
import { type ProviderStatus, type RoundStatus, roundStatus } from "@zkcmp/chain/rounds/round-status";
import { ZkcmpError } from "@zkcmp/field/error";
import { fieldToHex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { formatPrice } from "@zkcmp/sale/price";
import { formatSpan, formatTime } from "@zkcmp/sale/time";
import { example } from "../help.ts";
import { trustStorePath } from "../proof-systems.ts";
import { readRound, ROUND_HELP } from "../round-input.ts";
import { roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";

export function roundStatusCommand(session: Session) {
  return new Command("status")
    .description("where a round stands, what each provider has earned, and what can be done by whom")
    .argument("<round>", ROUND_HELP)
    .addHelpText("after", example("zkcmp round status round.json", "zkcmp round status round.json --json"))
    .action(async (path) => {
      const round = await readRound(path);
      const connection = await session.connection({ chainId: round.chainId });
      const status = await roundStatus(connection, round);
      const unchecked =
        status.stored.state === "none"
          ? null
          : await checkRound(connection, round, trustStorePath(session)).then(
              () => null,
              (error: unknown) => {
                if (error instanceof ZkcmpError) return error.message;
                throw error;
              },
            );
      const { stored, now, window, deadline, providers, submission, equal, next } = status;
      session.output.result(
        {
          ...roundJson(round),
          ...{ state: stored.state, now, window, deadline, equal },
          ...{ pool: stored.pool, claimed: stored.claimed, slack: stored.slack, contractChecked: unchecked === null },
          providers: providers.map((provider) => ({ ...provider, commitment: fieldToHex(provider.commitment) })),
          submission:
            submission === null
              ? null
              : {
                  modelCommitment: fieldToHex(submission.result.modelCommitment),
                  loss: submission.result.loss,
                  totalWeight: submission.totalWeight,
                },
          next,
        },
        [
          ...statusLines(status, round.terms.token, path),
          ...(unchecked === null ? [] : [`The contract was not checked: ${unchecked}`]),
        ],
      );
    });
}

function statusLines(status: RoundStatus, token: Address, path: string): string[] {
  const { stored, now, window, deadline, providers, submission, equal, next } = status;
  return [
    `Round in ${path}: ${stored.state}, ${window}`,
    ...(deadline === null
      ? []
      : [
          `  ${deadline.what} ${formatTime(deadline.at)}, ${deadline.at >= now ? `in ${formatSpan(deadline.at - now)}` : "now over"}`,
        ]),
    `  pool ${formatPrice(stored.pool, token)}, of which ${formatPrice(stored.claimed, token)} were claimed`,
    ...(equal === true && submission !== null
      ? ["  the values are too small to tell the providers apart: the pool is split equally"]
      : []),
    ...providers.map((provider) => `  ${providerLine(provider, token)}`),
    ...(submission === null ? [] : [`  model commitment ${fieldToHex(submission.result.modelCommitment)}`]),
    ...next.map(({ who, what }) => `  ${who}: ${what}`),
  ];
}

function providerLine({ slot, payee, value, earned, paid }: ProviderStatus, token: Address): string {
  return [
    `slot ${slot + 1}: ${payee}`,
    ...(value === null ? [] : [`value ${value}`]),
    ...(earned === null ? [] : [`earned ${formatPrice(earned, token)}`, `paid ${formatPrice(paid, token)}`]),
  ].join(", ");
}
