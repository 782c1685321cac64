import { type Hex, hexSchema } from "@zkcmp/sale/hex";
import * as z from "zod";
import { type Journal, JournalError, type RecordKind } from "../journal.ts";
import { decodeRoundFile, encodeRoundFile, nameOfRound, type RoundFile } from "./round-file.ts";
import { roundIdToHex } from "./round-terms.ts";

/** A round file that was seen here. */
export interface KnownRound {
  /** Digest of the round file in the journal. */
  readonly file: Hex;
}

const knownRoundSchema = z.strictObject({ file: hexSchema(32) });

/** Round files that were handed over, by the round's id: where files have no path of their own, as in a browser. */
export const KNOWN_ROUNDS: RecordKind<KnownRound> = {
  folder: "known-rounds",
  format: "zkcmp-known-round",
  schema: knownRoundSchema,
  toJson: ({ file }): z.input<typeof knownRoundSchema> => ({ file }),
  what: "round file of the round",
  fix: "Give the round file that the round's owner has published.",
};

/** Keeps a round file. Two files of one round say the same, since its id hashes all of it but the shape, which `checkRound` checks. */
export async function keepRound(journal: Journal, round: RoundFile): Promise<void> {
  const file = await journal.keep(encodeRoundFile(round));
  await journal.placeRecord(KNOWN_ROUNDS, roundIdToHex(round.roundId), async () => ({ file }));
}

/** A round file that was kept, or null. @throws {JournalError} if it is damaged */
export async function findKnownRound(journal: Journal, roundId: bigint): Promise<RoundFile | null> {
  const known = await journal.find(KNOWN_ROUNDS, roundIdToHex(roundId));
  if (known === null) return null;
  const round = decodeRoundFile(await journal.kept(known.file, "the round file"), "The journal's round file");
  // A backup, in which one text can stand under another's name, may come from somebody else.
  if (round.roundId === roundId) return round;
  throw new JournalError(
    `the journal's file of the ${nameOfRound({ roundId })} is that of another round`,
    KNOWN_ROUNDS.fix,
  );
}

/** All round files that were kept. @throws {JournalError} if one is damaged */
export async function knownRounds(journal: Journal): Promise<RoundFile[]> {
  const names = await journal.recordNames(KNOWN_ROUNDS);
  return Promise.all(names.map(async (name) => (await findKnownRound(journal, BigInt(name)))!));
}
