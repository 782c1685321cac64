import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { FieldVector } from "@zkcmp/field/kernels/kernels";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { evaluateForm, known, message, subtract } from "@zkcmp/libra/affine-form";
import type { Argument } from "@zkcmp/libra/argument";
import { equalityVector, innerProduct } from "@zkcmp/libra/multilinear";
import type { Transcript } from "@zkcmp/libra/transcript";
import { VerifierMessages } from "@zkcmp/libra/verifier/messages";
import { combineConstraints, type Relation } from "@zkcmp/libra/verifier/relation";
import type { TableOpening } from "@zkcmp/libra/verifier/table-claims";
import { expect } from "chai";
import { ProgrammedTranscript } from "../programmed-transcript.ts";
import { elements } from "../random.ts";

const COLUMNS = 64;
const CHUNKS = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const TABLES = [
  { name: "one row", copies: 1, slots: 4, wide: [] },
  { name: "three rows", copies: 3, slots: 64, wide: [] },
  { name: "not opened", copies: 1, slots: 64, wide: [] },
];
const ARGUMENT: Argument = { name: "relation", tables: TABLES, digest: new Uint8Array(0) };
const ROWS = 1 + 3 + 1;

describe("combineConstraints", function () {
  this.timeout(20_000);
  const kernels = createReferenceKernels();
  const sent = elements("messages", 6);
  const rows = Array.from({ length: ROWS }, (_, row) => elements(`row ${row}`, COLUMNS));
  const columnPoint = elements("columns", 6);
  const rowPoint = elements("rows", 2);

  /** <eq(point), rows of the table> */
  function tableAt(start: number, count: number, point: readonly FieldElement[]): FieldElement {
    const weights = equalityVector(point);
    return innerProduct(weights, rows.slice(start, start + count).flat());
  }

  const openings: readonly TableOpening[] = [
    { table: 0, point: columnPoint, value: message(4) },
    { table: 1, point: [...rowPoint, ...columnPoint], value: message(5) },
  ];
  sent[4] = tableAt(0, 1, columnPoint);
  sent[5] = tableAt(1, 3, [...rowPoint, ...columnPoint]);

  function relationOf(transcript: Transcript): Relation {
    const messages = new VerifierMessages(transcript, CHUNKS);
    messages.receive(1, "a");
    messages.receive(3, "b");
    messages.receive(2, "c");
    messages.requireZero(subtract(message(0), known(sent[0]!)), "message 0");
    messages.requireZero(subtract(message(2), known(sent[2]!)), "message 2");
    return combineConstraints(kernels, transcript, ARGUMENT, messages, openings);
  }

  /** What P opens to if chunk j has the components x_j on all generators of messages, and rows have components on columns. */
  function opened({ sizes, weights }: Relation, chunks: readonly (readonly bigint[])[], table = rows): FieldVector {
    const scalars = kernels.toField(weights);
    const vector = new Array<bigint>(sizes.length).fill(0n);
    chunks.forEach((chunk, j) => chunk.forEach((value, i) => (vector[i]! += scalars[ROWS + j]! * value)));
    table.forEach((row, k) => row.forEach((value, c) => (vector[sizes.messages + c]! += scalars[k]! * value)));
    return kernels.fromField(vector.map(reduce));
  }

  const [a, b, c, d, e, f] = sent as unknown as [bigint, bigint, bigint, bigint, bigint, bigint];
  const honest = [[a], [0n, b, c, d], [0n, 0n, 0n, 0n, e, f]];

  function holds(relation: Relation, chunks: readonly (readonly bigint[])[], table = rows): boolean {
    return kernels.innerProduct(relation.form, opened(relation, chunks, table)) === relation.value;
  }

  it("has its value for messages and tables that satisfy all constraints", () => {
    expect(holds(relationOf(new ProgrammedTranscript("honest")), honest)).to.equal(true);
    expect(evaluateForm(openings[1]!.value, sent)).to.equal(sent[5]);
  });

  it("misses it for every constrained message and every entry of an opened table that is off", () => {
    const relation = relationOf(new ProgrammedTranscript("off"));
    for (const [chunk, position] of [
      [0, 0],
      [1, 2],
      [2, 4],
      [2, 5],
    ] as const) {
      const changed = honest.with(chunk, honest[chunk]!.with(position, honest[chunk]![position]! + 1n));
      expect(holds(relation, changed), `message ${position}`).to.equal(false);
    }
    for (let row = 0; row < ROWS; row++) {
      const changed = rows.with(row, rows[row]!.with(row, reduce(rows[row]![row]! + 1n)));
      expect(holds(relation, honest, changed), `row ${row}`).to.equal(row === ROWS - 1);
    }
    // Messages without constraints are free.
    expect(holds(relation, honest.with(1, [0n, b + 1n, c, d - 1n]))).to.equal(true);
  });

  it("counts only what a message's own chunk says of it", () => {
    // Message 0 is wrong in its chunk, and chunk 2 makes up for it in a plain sum.
    const later = [[a + 7n], [0n, b, c, d], [-7n, 0n, 0n, 0n, e, f]];
    expect(holds(relationOf(new ProgrammedTranscript("sum", { chunks: reduce(1n) })), later)).to.equal(true);
    expect(holds(relationOf(new ProgrammedTranscript("weights")), later)).to.equal(false);
    // Message 4 is the value of table 0; the first chunk and the rows have a say on it in a plain sum.
    const earlier = [
      [a, 0n, 0n, 0n, -7n],
      [0n, b, c, d],
      [0n, 0n, 0n, 0n, e + 7n, f],
    ];
    expect(holds(relationOf(new ProgrammedTranscript("sum", { chunks: reduce(1n) })), earlier)).to.equal(true);
    expect(holds(relationOf(new ProgrammedTranscript("weights")), earlier)).to.equal(false);
  });

  it("tells tables and constraints apart: errors do not make up for each other", () => {
    const both = honest.with(2, [0n, 0n, 0n, 0n, e + 1n, f - 1n]);
    expect(holds(relationOf(new ProgrammedTranscript("gamma", { openings: reduce(1n) })), both)).to.equal(true);
    expect(holds(relationOf(new ProgrammedTranscript("gamma")), both)).to.equal(false);
    const zeros = [[a + 1n], [0n, b, c - 1n, d], honest[2]!];
    expect(holds(relationOf(new ProgrammedTranscript("delta", { constraints: reduce(1n) })), zeros)).to.equal(true);
    expect(holds(relationOf(new ProgrammedTranscript("delta")), zeros)).to.equal(false);
  });

  it("weighs chunk j by kappa^j and rows by kappa^J gamma^k eq", () => {
    const [kappa, gamma] = [reduce(3n), reduce(10n)];
    const { weights } = relationOf(new ProgrammedTranscript("weights", { chunks: kappa, openings: gamma }));
    const ofRows = equalityVector(rowPoint).map((weight) => multiply(weight, reduce(27n * 10n)));
    expect(kernels.toField(weights)).to.deep.equal([27n, ...ofRows.slice(0, 3), 0n, 1n, 3n, 9n]);
  });
});
