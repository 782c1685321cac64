// npm run bench [-- --only ID-PREFIX] [--json] [--statement LAYERSxROWS]: measures what the figures' table in the README reports.
// Nothing here fails a test: tests are about right and wrong, this is about fast and cheap. --statement 784-32-10x512 gives
// libra.vs.groth16 the size of its bar, whose circuit and key take many minutes to make; without it the size is a third of that.
import { parseArgs } from "node:util";
import { constraintMeasures } from "./constraints.ts";
import { demoMeasures } from "./demo.ts";
import { escrowMeasures } from "./escrow.ts";
import { fieldMeasures } from "./field.ts";
import { type Figure, figureOf } from "./figure.ts";
import { LARGEST_STATEMENT, libraMeasures, parseVersusStatement } from "./libra.ts";
import { libraBrowserMeasures } from "./libra-browser.ts";
import { proofMeasures } from "./proof.ts";
import { rewardsMeasures } from "./rewards.ts";
import { webVerifyMeasures } from "./web-verify.ts";
import { webMeasures } from "./web.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    json: { type: "boolean", default: false },
    statement: { type: "string", default: "784-32-10x86" },
  },
});
const versus = parseVersusStatement(values.statement);
if (versus === null) {
  console.error(`a statement is written as ${LARGEST_STATEMENT}, layers and rows, not as ${values.statement}`);
  process.exit(2);
}
const measures = [
  ...constraintMeasures,
  ...escrowMeasures,
  ...proofMeasures,
  ...rewardsMeasures,
  ...fieldMeasures,
  ...libraMeasures(versus),
  ...libraBrowserMeasures,
  ...webMeasures,
  ...webVerifyMeasures,
  ...demoMeasures,
];
const wanted = measures.filter(({ ids }) => ids.some((id) => id.startsWith(values.only ?? "")));
if (wanted.length === 0) {
  console.error(`no figure begins with ${values.only}; there are ${measures.flatMap(({ ids }) => ids).join(", ")}`);
  process.exit(2);
}

function show(figure: Figure): void {
  if (values.json) {
    console.log(JSON.stringify(figure));
    return;
  }
  const value = figure.value === null ? "not measured" : `${Number(figure.value.toPrecision(4))} ${figure.unit}`;
  const bar = figure.bar === null ? "" : `, bar ${figure.bar}`;
  console.log(`${figure.id.padEnd(36)} ${value}${bar}${figure.note === "" ? "" : ` (${figure.note})`}`);
}

if (!values.json) console.log(`${figureOf({ id: "", value: 0, unit: "s", bar: null }).machine}`);
for (const measure of wanted) {
  try {
    for (const measured of await measure.run()) show(figureOf(measured));
  } catch (error) {
    const note = `could not run: ${(error as Error).message}`;
    for (const id of measure.ids) show(figureOf({ id, value: null, unit: "s", bar: null, note }));
  }
}
process.exit(0);
