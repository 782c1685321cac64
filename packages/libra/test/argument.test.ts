import { type Argument, beginTranscript, columnsOf, rowsOf } from "@zkcmp/libra/argument";
import type { TableShape } from "@zkcmp/libra/table";
import { expect } from "chai";
import { ARGUMENT, STATEMENT } from "./argument-fixture.ts";

const table = (copies: number, slots: number, wide: readonly number[] = []): TableShape => ({
  name: "t",
  copies,
  slots,
  wide,
});
const argument = (...tables: TableShape[]): Argument => ({ ...ARGUMENT, tables });

describe("Argument", () => {
  it("has about as many columns as rows, within bounds", () => {
    expect(columnsOf(argument())).to.equal(64);
    expect(columnsOf(argument(table(64, 64)))).to.equal(64);
    expect(columnsOf(argument(table(64, 64), table(1, 1)))).to.equal(128);
    expect(columnsOf(argument(table(1000, 4096)))).to.equal(2048);
    expect(columnsOf(argument(table(2 ** 20, 1024)))).to.equal(8192);
  });

  it("commits to no empty rows", () => {
    expect(rowsOf(table(5, 16), 64)).to.equal(2);
    expect(rowsOf(table(1, 1), 64)).to.equal(1);
    expect(rowsOf(table(1000, 4096), 2048)).to.equal(2000);
  });

  it("refuses shapes that are none", () => {
    const wrong = [table(0, 4), table(1.5, 4), table(1, 3), table(1, 0), table(2 ** 20, 4096)];
    const wide = [table(1, 4, [4]), table(1, 4, [-1]), table(1, 4, [1, 1]), table(1, 4, [2, 1]), table(1, 4, [0.5])];
    for (const shape of [...wrong, ...wide])
      expect(() => columnsOf(argument(shape)), JSON.stringify(shape)).to.throw(RangeError);
    expect(columnsOf(argument(table(1, 4, [0, 3])))).to.equal(64);
  });

  it("binds the challenges to everything public", () => {
    const rows = Uint8Array.of(1, 2, 3);
    const challenge = (argument: Argument, statement: Uint8Array, bytes: Uint8Array) =>
      beginTranscript(argument, statement, bytes).challenge("x");
    const [first, ...others] = ARGUMENT.tables as [TableShape, ...TableShape[]];
    const challenges = [
      challenge(ARGUMENT, STATEMENT, rows),
      challenge(ARGUMENT, STATEMENT.with(0, 0), rows),
      challenge(ARGUMENT, STATEMENT, rows.with(2, 0)),
      challenge({ ...ARGUMENT, name: "other" }, STATEMENT, rows),
      challenge({ ...ARGUMENT, digest: ARGUMENT.digest.with(31, ARGUMENT.digest[31]! ^ 1) }, STATEMENT, rows),
      challenge(argument(...others), STATEMENT, rows),
      challenge(argument(...others, first), STATEMENT, rows),
      challenge(argument({ ...first, name: "other" }, ...others), STATEMENT, rows),
      challenge(argument({ ...first, copies: first.copies + 1 }, ...others), STATEMENT, rows),
      challenge(argument({ ...first, slots: 2 * first.slots }, ...others), STATEMENT, rows),
      challenge(argument({ ...first, wide: [3] }, ...others), STATEMENT, rows),
      challenge(argument({ ...first, wide: [4] }, ...others), STATEMENT, rows),
    ];
    expect(new Set(challenges).size).to.equal(challenges.length);
  });
});
