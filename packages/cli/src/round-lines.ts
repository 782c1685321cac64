import type { Round } from "@zkcmp/chain/rounds/rewards-contract";
import type { RoundFile } from "@zkcmp/chain/rounds/round-file";
import { roundIdToHex } from "@zkcmp/chain/rounds/round-terms";
import { formatPrice } from "@zkcmp/sale/price";
import { formatSpan, formatTime } from "@zkcmp/sale/time";
import { percent } from "@zkcmp/network/score-lines";

/** A round as it stands in JSON results. */
export function roundJson({ roundId, chainId, rewards, owner, terms, shape }: RoundFile) {
  const { token, ridgeBits, registrationUntil, submissionUntil, claimUntil } = terms;
  const times = { registrationUntil, submissionUntil, claimUntil };
  return { roundId: roundIdToHex(roundId), chainId, rewards, owner, token, ridgeBits, ...times, shape };
}

/** What a provider has to know before any row leaves: terms as the chain has them. */
export function offerLines(round: RoundFile, { pool, providers }: Round): string[] {
  const { roundId, terms, shape, owner } = round;
  const { registrationUntil, submissionUntil, claimUntil } = terms;
  return [
    `Round ${roundIdToHex(roundId)} of ${owner}`,
    `  pool now ${formatPrice(pool, terms.token)}, ${shape.providers - providers} of ${shape.providers} slots free, up to ${shape.rows} rows each`,
    `  registration until ${formatTime(registrationUntil)}, proof until ${formatTime(submissionUntil)}`,
    `  claims until ${formatTime(claimUntil)}, for at least ${formatSpan(claimUntil - submissionUntil)}`,
  ];
}

/** What a model owner has to know before selling a classifier by its accuracy. */
export function priorsLine(priors: Readonly<Record<string, number>>): string {
  const shares = Object.entries(priors).map(([name, prior]) => `${name} ${percent(prior)}`);
  return (
    `Note: the classes are unequal (${shares.join(", ")}), and the network does not add these shares back: ` +
    "its highest output, which the accuracy of a sale counts, favours rare classes. Score it before you sell it."
  );
}
