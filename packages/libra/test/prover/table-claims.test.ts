import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import { proveTableClaims } from "../../src/prover/table-claims.ts";
import { createProverTable } from "../../src/prover/table.ts";
import type { TableClaim, TableShape } from "../../src/table.ts";
import { openingVariables } from "../../src/verifier/table-claims.ts";
import { naiveEquality, naiveExtension, naiveRound } from "../naive-sumcheck.ts";
import { PlainProver } from "../plain-channel.ts";
import { claimedSum, flatTable, randomValues, weightOf } from "../plain-table.ts";
import { elements } from "../random.ts";

const kernels = createReferenceKernels();
type Point = readonly FieldElement[];

const columns = 8;
const shapes: TableShape[] = [
  { name: "smaller than a row", copies: 2, slots: 2, wide: [1] },
  { name: "without claims", copies: 9, slots: 4, wide: [] },
  { name: "larger than a row", copies: 5, slots: 4, wide: [0] },
  { name: "one copy of two rows", copies: 1, slots: 16, wide: [] },
  { name: "a row", copies: 3, slots: 2, wide: [] },
];
const tables = shapes.map((shape) => flatTable(shape, randomValues(shape.name, shape)));
const shared = elements("shared copies", 3);

const weights: Omit<TableClaim, "value">[] = [
  {
    table: 2,
    copyWeights: { kind: "equality", point: shared },
    slotWeights: { kind: "equality", point: elements("a", 2) },
  },
  {
    table: 0,
    copyWeights: { kind: "vector", values: elements("b", 2) },
    slotWeights: { kind: "equality", point: elements("c", 1) },
  },
  {
    table: 2,
    copyWeights: { kind: "equality", point: shared },
    slotWeights: { kind: "vector", values: elements("d", 3) },
  },
  {
    table: 2,
    copyWeights: { kind: "vector", values: elements("e", 4) },
    slotWeights: { kind: "vector", values: elements("f", 4) },
  },
  {
    table: 3,
    copyWeights: { kind: "equality", point: [] },
    slotWeights: { kind: "equality", point: elements("g", 4) },
  },
  {
    table: 3,
    copyWeights: { kind: "vector", values: elements("h", 1) },
    slotWeights: { kind: "vector", values: [] },
  },
  {
    table: 4,
    copyWeights: { kind: "equality", point: elements("i", 2) },
    slotWeights: { kind: "vector", values: elements("j", 2) },
  },
];
const claims = weights.map((claim) => ({
  ...claim,
  value: claimedSum(tables[claim.table]!, shapes[claim.table]!.slots, claim),
}));

/** A table's claims weighed and added up, by flat index, padding copies included. */
function entryWeights(table: number, beta: FieldElement): FieldElement[] {
  const { copies, slots } = shapes[table]!;
  const indices = slots * 2 ** Math.ceil(Math.log2(copies));
  return Array.from({ length: indices }, (_, index) => {
    let [sum, power] = [0n, reduce(1n)];
    for (const { table: own, copyWeights, slotWeights } of claims) {
      const weight = multiply(weightOf(copyWeights, Math.floor(index / slots)), weightOf(slotWeights, index % slots));
      if (own === table) sum += power * weight;
      power = multiply(power, beta);
    }
    return reduce(sum);
  });
}

describe("table claims, prover", () => {
  it("sends what the joint sums over the hypercube are, and opens each table at the end of the point", () => {
    const channel = new PlainProver("claims");
    const proverTables = shapes.map((shape) => createProverTable(kernels, shape, randomValues(shape.name, shape)));
    const openings = proveTableClaims(kernels, channel, proverTables, columns, claims);

    const [beta, ...point] = channel.challenges;
    const claimed = [0, 2, 3, 4];
    const own = shapes.map(({ copies, slots }) => Math.ceil(Math.log2(copies)) + Math.log2(slots));
    const extensions = claimed.map((table) => ({ weights: entryWeights(table, beta!), values: tables[table]! }));
    const summed = (x: Point) =>
      reduce(
        claimed.reduce((sum, table, i) => {
          const high = x.slice(0, x.length - own[table]!);
          const low = x.slice(high.length);
          const atZero = naiveEquality(
            high,
            high.map(() => reduce(0n)),
          );
          const { weights: ofTable, values } = extensions[i]!;
          return sum + multiply(atZero, naiveExtension(ofTable, low)) * naiveExtension(values, low);
        }, 0n),
      );
    expect(point).to.have.lengthOf(5);
    const naive = point.map((_, round) => naiveRound(summed, 5, point.slice(0, round)));
    const values = claimed.map((table) => {
      const variables = openingVariables(shapes[table]!, columns);
      return naiveExtension(tables[table]!, point.slice(5 - variables));
    });
    expect(channel.messages.map((sent) => sent.values)).to.deep.equal([...naive, values]);
    expect(openings).to.deep.equal(
      claimed.map((table, i) => ({
        table,
        point: point.slice(5 - openingVariables(shapes[table]!, columns)),
        value: values[i],
      })),
    );
    expect(openings.map((opening) => opening.point.length)).to.deep.equal([3, 5, 4, 3]);
  });
});
