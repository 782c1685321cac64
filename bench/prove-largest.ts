// A process of its own for the largest round, so that its memory can be watched: proves once to warm up, verifies, proves
// once more, and writes the seconds of that.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHAPLEY_ROUND_TARGETS } from "@zkcmp/shapley/public-signals";
import { targetShape } from "./example-round.ts";
import { keyedRound } from "./keyed-round.ts";

const folder = await mkdtemp(join(tmpdir(), "zkcmp-bench-"));
try {
  const round = await keyedRound(targetShape(SHAPLEY_ROUND_TARGETS, "12x20"), join(folder, "trusted-keys.json"));
  await round.verify(await round.prove());
  const start = performance.now();
  await round.prove();
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000 }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
