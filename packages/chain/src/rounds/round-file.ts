import { checkJson, FileFormatError } from "@zkcmp/network/json-file";
import { hexSchema } from "@zkcmp/sale/hex";
import {
  digestEncoding,
  type SampleEncoding,
  sampleEncodingFromJson,
  sampleEncodingToJson,
  targetCount,
} from "@zkcmp/shapley/sample-encoding";
import { parseRoundShape, type RoundShape, roundShapeSchema } from "@zkcmp/shapley/round-shape";
import * as z from "zod";
import type { Journal } from "../journal.ts";
import { OWNED_ROUNDS, type OwnedRound } from "./round-record.ts";
import { RoundError } from "./round-error.ts";
import { roundIdOf, roundIdSchema, roundIdToHex, type RoundPlace, termsSchema, termsToJson } from "./round-terms.ts";

/** All that the chain tells of a round's terms: enough to look at it, to claim and to settle. */
export interface OpenedRound extends RoundPlace {
  readonly roundId: bigint;
  readonly shape: RoundShape;
}

/** What everybody who takes part in a round has: all of it is public. */
export interface RoundFile extends OpenedRound {
  readonly encoding: SampleEncoding;
}

const ROUND_FILE = "the round file that `zkcmp round open` wrote (format zkcmp-round, version 1)";

const roundFileSchema = z.strictObject({
  format: z.literal("zkcmp-round"),
  version: z.literal(1),
  roundId: roundIdSchema,
  chainId: z.int().min(1),
  rewards: hexSchema(20),
  owner: hexSchema(20),
  terms: termsSchema,
  shape: roundShapeSchema,
  encoding: z.unknown(),
});

/** The text of a round file. */
export function encodeRoundFile({ roundId, chainId, rewards, owner, terms, shape, encoding }: RoundFile): string {
  const file = {
    format: "zkcmp-round",
    version: 1,
    roundId: roundIdToHex(roundId),
    ...{ chainId, rewards, owner },
    terms: termsToJson(terms),
    shape,
    encoding: sampleEncodingToJson(encoding),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/**
 * Reads a round file. Its id hashes place, owner and terms, these name the encoding's digest, and the shape is the contract's:
 * that such a round exists on chain, in the right contract, then says that all of it is so.
 * @param name stands for the source in errors
 * @throws FileFormatError, SampleEncodingError, RoundShapeError
 * @throws {RoundError} if the parts do not belong together
 */
export function parseRoundFile(json: unknown, name: string): RoundFile {
  const file = checkJson(json, name, ROUND_FILE, roundFileSchema);
  const shape = parseRoundShape(file.shape);
  const encoding = sampleEncodingFromJson(file.encoding, `The encoding in ${name}`);
  const { roundId, chainId, rewards, owner, terms } = file;
  const fix = "Ask the round's owner for the file as `zkcmp round open` wrote it.";
  if (roundIdOf(file) !== roundId) throw new RoundError(`the round's id in ${name} is not that of its terms`, fix);
  if (digestEncoding(encoding) !== terms.encodingDigest) {
    throw new RoundError(`the encoding in ${name} is not the one that the round names`, fix);
  }
  checkEncodingFits(encoding, shape);
  return { roundId, chainId, rewards, owner, terms, shape, encoding };
}

/** @throws FileFormatError unless the text is JSON; else as {@link parseRoundFile} */
export function decodeRoundFile(text: string, name: string): RoundFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new FileFormatError(`${name} is not valid JSON`, `Give ${ROUND_FILE}; the file may be cut off`);
  }
  return parseRoundFile(json, name);
}

/** @throws {RoundError} if rows of this encoding are no rows of this shape */
export function checkEncodingFits(encoding: SampleEncoding, shape: RoundShape): void {
  const differences: [string, number, number][] = [
    ["features", encoding.features.length, shape.features],
    ["outputs", targetCount(encoding), shape.outputs],
    ["data bits", encoding.dataBits, shape.dataBits],
  ];
  for (const [what, has, needs] of differences) {
    if (has === needs) continue;
    throw new RoundError(
      `the encoding has ${has} ${what}, the round's circuit ${needs}`,
      "Use the encoding that the circuit was made for, or a rewards contract of its shape (`zkcmp round deploy`).",
    );
  }
}

/** The public part of a round that was opened here. @throws {JournalError} */
export async function ownRoundFile(journal: Journal, { file }: Pick<OwnedRound, "file">): Promise<RoundFile> {
  return decodeRoundFile(await journal.kept(file, "the round file"), "The journal's round file");
}

/** A round of this journal by its id. @throws {JournalError} */
export async function ownedRound(journal: Journal, roundId: bigint): Promise<OwnedRound> {
  return journal.record(OWNED_ROUNDS, roundIdToHex(roundId));
}

/** How messages name a round. */
export function nameOfRound({ roundId }: Pick<RoundFile, "roundId">): string {
  return `round ${roundIdToHex(roundId).slice(0, 10)}…`;
}
