import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { readJsonFile, writeJsonFile } from "@zkcmp/network/json-file";
import * as z from "zod";

const WHAT = "the list of your contributions to setups (format zkcmp-contributions, version 1)";

const schema = z.strictObject({
  format: z.literal("zkcmp-contributions"),
  version: z.literal(1),
  phaseOne: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  key: z.array(z.string().regex(/^[0-9a-f]{128}$/)),
});

type Phase = "phaseOne" | "key";

/** The hashes of the contributions made here, by which `setup key verify` finds one's own part in a file. */
export class ContributionList {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async all(): Promise<Readonly<Record<Phase, readonly string[]>>> {
    if (!existsSync(this.path)) return { phaseOne: [], key: [] };
    return readJsonFile(this.path, WHAT, schema);
  }

  async add(phase: Phase, hash: string): Promise<void> {
    const { phaseOne, key } = await this.all();
    const own = { phaseOne, key };
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    await writeJsonFile(this.path, {
      format: "zkcmp-contributions",
      version: 1,
      ...own,
      [phase]: [...own[phase], hash],
    });
  }
}
