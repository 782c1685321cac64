import type { RoundFile } from "@zkcmp/chain/rounds/round-file";
import { parseRoundFile } from "@zkcmp/chain/rounds/round-file";
import {
  type ConsentMessage,
  type Disclosure,
  parseConsent,
  parseDisclosure,
  parseReceipt,
  parseRoundProof,
  type ReceiptMessage,
  type RoundProof,
} from "@zkcmp/chain/rounds/round-message";
import { readText } from "@zkcmp/network/csv";
import { readJsonFile } from "@zkcmp/network/json-file";
import { type EncodedSamples, parseSamples } from "@zkcmp/shapley/encoded-samples";
import type { SampleEncoding } from "@zkcmp/shapley/sample-encoding";
import * as z from "zod";

/*
 * The files that the commands of a round read. Their own schemas check them, so here any JSON will do.
 */

async function readAny(path: string, what: string): Promise<unknown> {
  return readJsonFile(path, what, z.unknown());
}

export const ROUND_HELP = "the round file that `round open` wrote";

/** @throws FileFormatError, RoundError */
export async function readRound(path: string): Promise<RoundFile> {
  return parseRoundFile(await readAny(path, "a round file"), path);
}

/** @throws FileFormatError */
export async function readDisclosure(path: string): Promise<Disclosure> {
  return parseDisclosure(await readAny(path, "a disclosure"), path);
}

/** @throws FileFormatError */
export async function readReceipt(path: string): Promise<ReceiptMessage> {
  return parseReceipt(await readAny(path, "a receipt"), path);
}

/** @throws FileFormatError */
export async function readConsent(path: string): Promise<ConsentMessage> {
  return parseConsent(await readAny(path, "a consent"), path);
}

/** @throws FileFormatError */
export async function readRoundProof(path: string): Promise<RoundProof> {
  return parseRoundProof(await readAny(path, "a proof of a round"), path);
}

/** Reads a CSV as `parseSamples` does. @throws SampleTableError, SampleEncodingError, CsvError */
export async function readSamples(
  path: string,
  encoding: SampleEncoding,
  options: { readonly dropMissing: boolean },
): Promise<EncodedSamples> {
  return parseSamples(await readText(path), path, encoding, options);
}
