import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { Market } from "./market.ts";
import { expectFailure } from "./program.ts";

const FIXTURES = fileURLToPath(new URL("../../packages/network/test/fixtures/", import.meta.url));

describe("zkcmp: networks", function () {
  this.timeout(60_000);

  let market: Market;

  before(async () => {
    market = await Market.open();
  });

  after(async () => market.close());

  it("imports what Keras and scikit-learn export, in the order of the model's classes", async () => {
    for (const [name, widths, label] of [
      ["keras", "6-5-3", "1"],
      ["sklearn-pipeline", "4-5-3", "genuine"],
    ] as const) {
      const { rows } = JSON.parse(await readFile(join(FIXTURES, `${name}.json`), "utf8")) as { rows: number[][] };
      await market.write(`${name}.csv`, rows.map((row) => `${row.join(",")},${label}\n`).join(""));
      await cp(join(FIXTURES, `${name}.onnx`), join(market.folder, `${name}.onnx`));
      const command = `network import ${name}.onnx --calibration ${name}.csv`;
      const classes = name === "keras" ? " --classes 3" : "";
      const { shape } = await market.json(
        `${command} --encoding-out ${name}-encoding.json --out ${name}-network.json${classes}`,
      );
      expect(shape).to.contain(widths);
    }
    const other = "network import sklearn-pipeline.onnx --calibration sklearn-pipeline.csv --out x.json";
    expectFailure(
      await market.run(`${other} --encoding sklearn-pipeline-encoding.json --classes genuine,unclear,forged`),
      2,
      "forged, genuine, unclear",
    );
  });

  it("asks where the encoding is to come from, and names classes that do not occur", async () => {
    const command = "network import model.json --calibration train.csv --out x.json";
    expectFailure(await market.run(command), 2, "--encoding-out");
    expectFailure(await market.run(`${command} --encoding encoding.json --order order.json`), 2, "--order");
    expectFailure(await market.run(`${command} --encoding encoding.json --classes 3`), 2, "--classes 2");
    expectFailure(await market.run(`${command} --encoding-out y.json --pool`), 2, "--pool");
  });
});
