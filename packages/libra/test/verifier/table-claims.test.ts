import { type FieldElement, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import fc from "fast-check";
import { known } from "../../src/affine-form.ts";
import { extensionAt } from "../../src/multilinear.ts";
import { proveTableClaims } from "../../src/prover/table-claims.ts";
import { createProverTable } from "../../src/prover/table.ts";
import { type TableClaim, type TableShape, variablesOf, type Weights } from "../../src/table.ts";
import { openingVariables, verifyTableClaims } from "../../src/verifier/table-claims.ts";
import { type PlainMessage, PlainProver, PlainVerifier, tamperings } from "../plain-channel.ts";
import { claimedSum, flatTable, randomValues } from "../plain-table.ts";
import { elements } from "../random.ts";

const kernels = createReferenceKernels();
type Claim = TableClaim<FieldElement>;

function prove(shapes: readonly TableShape[], columns: number, claims: readonly Claim[]): PlainProver {
  const channel = new PlainProver("claims");
  const tables = shapes.map((shape) => createProverTable(kernels, shape, randomValues(shape.name, shape)));
  proveTableClaims(kernels, channel, tables, columns, claims);
  return channel;
}

/** Whether all constraints hold and the openings are those of the committed rows. */
function accepts(
  shapes: readonly TableShape[],
  columns: number,
  claims: readonly Claim[],
  messages: readonly PlainMessage[],
  committed: (table: number) => readonly FieldElement[],
): boolean {
  const verifier = new PlainVerifier("claims", messages);
  const forms = claims.map((claim) => ({ ...claim, value: known(claim.value) }));
  const openings = verifyTableClaims(verifier, shapes, columns, forms);
  expect(verifier.finished).to.equal(true);
  return (
    verifier.violated().length === 0 &&
    openings.every(({ table, point, value }) => {
      expect(point).to.have.lengthOf(openingVariables(shapes[table]!, columns));
      return verifier.value(value) === extensionAt(committed(table), point);
    })
  );
}

function weights(kind: Weights["kind"], count: number, seed: string): Weights {
  return kind === "equality"
    ? { kind, point: elements(seed, variablesOf(count)) }
    : { kind, values: elements(seed, count) };
}

const anyShape = fc.record({
  copies: fc.integer({ min: 1, max: 9 }),
  slots: fc.constantFrom(1, 2, 4, 8, 16),
  wideSlots: fc.integer({ min: 0, max: 3 }),
});
const kind = fc.constantFrom<Weights["kind"][]>("equality", "vector");
const anyClaim = fc.record({ table: fc.nat(), copies: kind, slots: kind, seed: fc.nat({ max: 2 }) });

describe("table claims, verifier", () => {
  it("accepts true claims about tables of any sizes, and no false one", () => {
    fc.assert(
      fc.property(
        fc.array(anyShape, { minLength: 1, maxLength: 4 }),
        fc.array(anyClaim, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(1, 4, 16),
        fc.nat(),
        (drawnShapes, drawnClaims, columns, wrong) => {
          const shapes = drawnShapes.map(({ copies, slots, wideSlots }, i) => ({
            name: `table ${i}`,
            copies,
            slots,
            wide: Array.from({ length: Math.min(wideSlots, slots) }, (_, slot) => slot),
          }));
          const flat = shapes.map((shape) => flatTable(shape, randomValues(shape.name, shape)));
          const claims = drawnClaims.map(({ table: place, copies, slots, seed }): Claim => {
            const table = place % shapes.length;
            const shape = shapes[table]!;
            const sides = {
              copyWeights: weights(copies, shape.copies, `copies ${seed}`),
              slotWeights: weights(slots, shape.slots, `slots ${seed}`),
            };
            return { table, ...sides, value: claimedSum(flat[table]!, shape.slots, sides) };
          });
          const committed = (table: number) => flat[table]!;
          const { messages } = prove(shapes, columns, claims);
          expect(accepts(shapes, columns, claims, messages, committed)).to.equal(true);

          const index = wrong % claims.length;
          const lie = claims.with(index, { ...claims[index]!, value: reduce(claims[index]!.value + 1n) });
          expect(accepts(shapes, columns, lie, prove(shapes, columns, lie).messages, committed)).to.equal(false);
        },
      ),
      { numRuns: 40 },
    );
  });

  const shape: TableShape = { name: "table", copies: 3, slots: 4, wide: [1] };
  const other: TableShape = { name: "other", copies: 1, slots: 2, wide: [] };
  const shapes = [shape, other];
  const flat = shapes.map((own) => flatTable(own, randomValues(own.name, own)));
  const claimAbout = (table: number, copies: Weights["kind"]): Claim => {
    const own = shapes[table]!;
    const sides = {
      copyWeights: weights(copies, own.copies, "copies"),
      slotWeights: weights("equality", own.slots, "s"),
    };
    return { table, ...sides, value: claimedSum(flat[table]!, own.slots, sides) };
  };

  it("finds every changed message", () => {
    const claims = [claimAbout(0, "equality"), claimAbout(1, "vector"), claimAbout(0, "vector")];
    const { messages } = prove(shapes, 4, claims);
    for (const tampered of tamperings(messages)) {
      expect(accepts(shapes, 4, claims, tampered, (table) => flat[table]!)).to.equal(false);
    }
  });

  it("finds values in padding copies and behind the table, where claims count them", () => {
    const claims = [claimAbout(0, "equality"), claimAbout(1, "equality")];
    const { messages, events } = prove(shapes, 8, claims);
    const padded = [...flat[0]!, ...elements("padding copy", 4)];
    const behind = [...flat[1]!, ...elements("behind", 2)];
    expect(accepts(shapes, 8, claims, messages, (table) => flat[table]!)).to.equal(true);
    expect(accepts(shapes, 8, claims, messages, (table) => [padded, flat[1]!][table]!)).to.equal(false);
    expect(accepts(shapes, 8, claims, messages, (table) => [flat[0]!, behind][table]!)).to.equal(false);
    const verifier = new PlainVerifier("claims", messages);
    verifyTableClaims(
      verifier,
      shapes,
      8,
      claims.map((claim) => ({ ...claim, value: known(claim.value) })),
    );
    expect(verifier.events).to.deep.equal(events);
  });

  it("refuses weights for another number of copies or slots", () => {
    const claim = claimAbout(0, "equality");
    const { messages } = prove(shapes, 4, [claim]);
    for (const wrong of [
      { ...claim, copyWeights: weights("equality", 2, "w") },
      { ...claim, copyWeights: weights("vector", 5, "w") },
      { ...claim, slotWeights: weights("equality", 8, "w") },
      { ...claim, slotWeights: weights("vector", 5, "w") },
    ]) {
      expect(() => accepts(shapes, 4, [wrong], messages, (table) => flat[table]!)).to.throw(RangeError);
    }
  });
});
