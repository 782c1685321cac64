import { numbersOf, type SampleTable } from "@zkcmp/shapley/sample-table";
import { expect } from "chai";
import { drawRents, RENT_COLUMNS, RENT_NOISE, RENT_ROWS, type RentData, type RowKind, typicalRent } from "../rents.ts";

const SEEDS = Array.from({ length: 30 }, (_, seed) => seed + 1);
const ROWS = { validation: 10, buyer: 12 };

function tableOf({ providers }: RentData, kind: RowKind): SampleTable {
  return providers.find((provider) => provider.kind === kind)!.table;
}

function tables(kind: RowKind): SampleTable[] {
  return SEEDS.map((seed) => tableOf(drawRents(seed, ROWS), kind));
}

interface Columns {
  readonly area: Float64Array;
  readonly minutes: Float64Array;
  readonly rent: Float64Array;
}

function columnsOf(table: SampleTable): Columns {
  const { area, minutes, rent } = RENT_COLUMNS;
  return { area: numbersOf(table, area), minutes: numbersOf(table, minutes), rent: numbersOf(table, rent) };
}

/** Root mean square of what the true relation does not explain, over the rows of all tables. */
function noiseOf(drawn: readonly SampleTable[]): number {
  const errors = drawn.map(columnsOf).flatMap(({ area, minutes, rent }) => {
    return Array.from(rent, (value, i) => value - typicalRent({ area: area[i]!, minutes: minutes[i]! }));
  });
  return Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
}

/** Mean over the tables of the correlation of floor area and rent. */
function correlation(drawn: readonly SampleTable[]): number {
  const each = drawn.map(columnsOf).map(({ area, rent }) => {
    const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [a, r] = [mean(area), mean(rent)];
    const product = (x: Float64Array, p: number, y: Float64Array, q: number): number =>
      x.reduce((sum, value, i) => sum + (value - p) * (y[i]! - q), 0);
    return product(area, a, rent, r) / Math.sqrt(product(area, a, area, a) * product(rent, r, rent, r));
  });
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}

describe("rents", () => {
  it("draws the same town from the same seed, and another from another", () => {
    expect(drawRents(1, ROWS)).to.deep.equal(drawRents(1, ROWS));
    expect(drawRents(1, ROWS)).to.not.deep.equal(drawRents(2, ROWS));
  });

  it("has rows of nobody's for validation and buyer, as many as asked for", () => {
    const { validation, buyer } = drawRents(1, ROWS);
    expect([validation.rows.length, buyer.rows.length]).to.deep.equal([10, 12]);
  });

  it("has good rows: as far from the true relation as flats are", () => {
    expect(noiseOf(tables("good"))).to.be.within(0.9 * RENT_NOISE.flat, 1.1 * RENT_NOISE.flat);
    expect(correlation(tables("good"))).to.be.above(0.85);
  });

  it("has noisy rows: right on average, and far off one by one", () => {
    expect(noiseOf(tables("noisy"))).to.be.within(0.9 * RENT_NOISE.noisy, 1.1 * RENT_NOISE.noisy);
    expect(correlation(tables("noisy"))).to.be.within(0.25, 0.75);
  });

  it("has duplicated rows: few different ones, each as good as any", () => {
    for (const table of tables("duplicated")) {
      expect(table.rows.length).to.equal(RENT_ROWS.full);
      expect(new Set(table.rows.map(({ cells }) => cells.join())).size).to.be.at.most(RENT_ROWS.different);
    }
    expect(noiseOf(tables("duplicated"))).to.be.within(0.75 * RENT_NOISE.flat, 1.25 * RENT_NOISE.flat);
  });

  it("has mislabelled rows: every rent is another flat's", () => {
    expect(Math.abs(correlation(tables("mislabelled")))).to.be.below(0.15);
    expect(noiseOf(tables("mislabelled"))).to.be.above(2 * RENT_NOISE.flat);
  });

  it("has few rows of the tiny provider, and they are good", () => {
    expect(tables("tiny").every(({ rows }) => rows.length === RENT_ROWS.tiny)).to.equal(true);
    expect(noiseOf(tables("tiny"))).to.be.within(0.75 * RENT_NOISE.flat, 1.25 * RENT_NOISE.flat);
  });
});
