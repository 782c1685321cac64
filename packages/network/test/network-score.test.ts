import { expect } from "chai";
import { createFloatNetwork } from "../src/float-network.ts";
import { importClassifier, importRegression } from "../src/model-import.ts";
import { scoreOnFiles, scoreOnRows } from "../src/network-score.ts";
import { encodeData, parseRawData, type RawData } from "../src/raw-data.ts";
import { rejected } from "./thrown.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Class 1 where the first feature, which is around 1,000, is larger than the second, which is around 0. */
const points = Array.from({ length: 200 }, (_, i) => [1000 + 10 * Math.sin(i), 10 * Math.sin(3 * i + 1)]);
const labelOf = ([x, y]: readonly number[]): number => (x! - 1000 > y! ? 1 : 0);
const raw: RawData = {
  ...{ rows: points, labels: Uint16Array.from(points, labelOf), classes: 2, classNames: null, image: null },
};
const layer = { inputs: 2, outputs: 2, weights: [0, 0, 1, -1], biases: [0, -1000], activation: "none" } as const;
const trained = { network: createFloatNetwork([layer]), notes: ["Softmax was dropped."], classNames: null };

describe("score of a network on files", () => {
  it("is that of the rows that they hold", async () => {
    const { network, encoding } = importClassifier(trained, raw, { encoding: null });
    const file = { name: "t.csv", bytes: bytesOf(points.map((row) => `${row.join()},${labelOf(row)}`).join("\n")) };
    const scored = await scoreOnFiles(network, [file], { rows: { first: 1, last: 150 } }, encoding);
    const some = await parseRawData([file], { rows: { first: 1, last: 150 } });
    expect(scored).to.deep.equal(scoreOnRows(network, encodeData(some, encoding)));
    expect(scored).to.have.property("kind", "accuracy");
    expect(scored.score.rows).to.equal(150);
  });

  it("of a regression is in units of the targets where the encoding tells them", async () => {
    const targets = Float64Array.from(points, ([x, y]) => 3 * (x! - 1000) - y!);
    const network = createFloatNetwork([
      { inputs: 2, outputs: 1, weights: [3, -1], biases: [-3000], activation: "none" },
    ]);
    const rows = points.map((row) => Float64Array.from(row));
    const { network: integers, encoding } = importRegression(
      { ...trained, network },
      { rows, targets },
      { encoding: null },
    );
    const text = rows.map((row, i) => `${row.join()},${targets[i]}`).join("\n");
    const file = { name: "t.csv", bytes: bytesOf(text) };
    const scored = await scoreOnFiles(integers, [file], {}, encoding);
    expect(scored).to.deep.include({ kind: "squared-error", clipped: 0 });
    expect((scored.score as { rmse: number }).rmse).to.be.lessThan(1);
    expect(await rejected(scoreOnFiles(integers, [file, file], {}, encoding))).to.have.property("fault", "files");
  });
});
