import type { FieldElement } from "@zkcmp/field/element";
import { readJsonFile, writeJsonFile } from "@zkcmp/network/json-file";
import * as z from "zod";
import { fieldSchema, fieldToHex } from "./hex.ts";

const schema = z.strictObject({
  format: z.literal("zkcmp-model-salt"),
  version: z.literal(1),
  salt: fieldSchema.refine((salt) => salt !== 0n, "expected a number above 0"),
});

/**
 * Reads the salt of a model commitment M, a secret of the model owner.
 * @throws FileFormatError
 */
export async function readModelSalt(path: string): Promise<FieldElement> {
  return (await readJsonFile(path, "a model salt (format zkcmp-model-salt, version 1)", schema)).salt;
}

/** Writes the salt of a model commitment, whole or not at all, readable by its owner only. */
export async function writeModelSalt(path: string, salt: FieldElement): Promise<void> {
  await writeJsonFile(path, { format: "zkcmp-model-salt", version: 1, salt: fieldToHex(salt) });
}
