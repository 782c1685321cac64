// npm run demo:rewards [-- --json] [--svg FILE] [--data FOLDER [--drop-missing] [--groups COLUMN]]: five providers are paid what their
// rows are worth to a model, by proven Shapley values; the model is sold, and a share of its price tops their rewards up.
import { parseArgs } from "node:util";
import { ZkcmpError } from "@zkcmp/field/error";
import { endCurve } from "@zkcmp/groth16/curve";
import { carScenario } from "./cars.ts";
import { narration } from "./narration.ts";
import { rewardsJson, runRewards } from "./rewards-demo.ts";
import { rentScenario } from "./round-scenario.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    svg: { type: "string", default: "build/rewards-chart.svg" },
    data: { type: "string" },
    "drop-missing": { type: "boolean", default: false },
    groups: { type: "string", default: "origin" },
  },
});

const told = narration();
try {
  const scenario =
    values.data === undefined
      ? rentScenario()
      : await carScenario(values.data, { dropMissing: values["drop-missing"], groups: values.groups });
  const outcome = await runRewards({ scenario, narration: told, svgPath: values.svg });
  for (const line of outcome.lines) console.error(line);
  told.say(`done in ${told.total().toFixed(0)} s`);
  const rewards = rewardsJson(outcome, { ...told.seconds, total: told.total() });
  if (values.json) console.log(JSON.stringify({ demo: "rewards", ok: outcome.ok, rewards }));
  process.exitCode = outcome.ok ? 0 : 1;
} catch (error) {
  if (!(error instanceof ZkcmpError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await endCurve();
}
