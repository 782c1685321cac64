import { expect } from "chai";
import { reduce } from "../../src/element.ts";
import { createKernels } from "../../src/kernels/create-kernels.ts";
import { KernelArgumentError } from "../../src/kernels/kernel-error.ts";
import type { FieldVector, IndexVector, Kernels, PointVector, SmallVector } from "../../src/kernels/kernels.ts";
import { createReferenceKernels } from "../../src/kernels/reference-kernels.ts";

interface Vectors {
  /** Of one entry; the others have one length. */
  readonly single: FieldVector;
  readonly field: FieldVector;
  readonly small: SmallVector;
  readonly indices: IndexVector;
  readonly points: PointVector;
}

function make(kernels: Kernels, length: number): Vectors {
  return {
    single: kernels.zeros(1),
    field: kernels.fromField(Array.from({ length }, (_, i) => reduce(BigInt(i + 7)))),
    small: kernels.fromSmall(Uint8Array.from({ length }, (_, i) => i + 3)),
    indices: kernels.fromIndices(Uint32Array.from({ length }, () => 0)),
    points: kernels.fromPoints(new Array(length).fill({ x: 1n, y: 2n })),
  };
}

/** Every operation that takes a vector: with one of `lost`, and otherwise with what is alive. */
function uses(kernels: Kernels, { single, field, small, indices, points }: Vectors, lost: Vectors): (() => unknown)[] {
  const { length } = field;
  const one = reduce(1n);
  const row = kernels.fromIndices(Uint32Array.of(0, length));
  const pattern = { starts: row, columns: indices };
  const wiring = {
    outputs: 1,
    products: pattern,
    right: indices,
    productCoefficients: field,
    linear: pattern,
    linearCoefficients: field,
    constants: single,
  };
  const gate = {
    starts: kernels.fromIndices(new Uint32Array(length + 1)),
    columns: kernels.fromIndices(new Uint32Array()),
  };
  const round = [single, field, gate, kernels.zeros(0)] as const;
  return [
    () => kernels.expand(lost.small),
    () => kernels.toField(lost.field),
    () => kernels.element(lost.field, 0),
    () => kernels.write(lost.field, 0, 1, [one]),
    () => kernels.write(lost.field, 0, 1, []),
    () => kernels.copy(lost.field),
    () => kernels.view(lost.field, 0, 1),
    () => kernels.addScaled(lost.field, one, field),
    () => kernels.addScaled(field, one, lost.field),
    () => kernels.multiply(lost.field, field),
    () => kernels.multiply(field, lost.field),
    () => kernels.innerProduct(lost.field, field),
    () => kernels.innerProduct(field, lost.field),
    () => kernels.gatherMultiply(lost.field, field, indices),
    () => kernels.gatherMultiply(field, lost.field, indices),
    () => kernels.gatherMultiply(field, field, lost.indices),
    () => kernels.combineRows(lost.field, 1, field),
    () => kernels.combineRows(lost.small, 1, field),
    () => kernels.combineRows(small, 1, lost.field),
    () => kernels.combineColumns(lost.field, length, field),
    () => kernels.combineColumns(lost.small, length, field),
    () => kernels.combineColumns(small, length, lost.field),
    () => kernels.sparseProduct({ ...pattern, columns: lost.indices }, field, field),
    () => kernels.sparseProduct({ ...pattern, starts: lost.indices }, field, field),
    () => kernels.sparseProduct(pattern, lost.field, field),
    () => kernels.sparseProduct(pattern, field, lost.field),
    () => kernels.applyLayer(lost.field, length, wiring),
    () => kernels.applyLayer(field, length, { ...wiring, right: lost.indices }),
    () => kernels.applyLayer(field, length, { ...wiring, productCoefficients: lost.field }),
    () => kernels.applyLayer(field, length, { ...wiring, linearCoefficients: lost.field }),
    () => kernels.applyLayer(field, length, { ...wiring, products: { ...pattern, columns: lost.indices } }),
    () => kernels.applyLayer(field, length, { ...wiring, constants: lost.single }),
    () => kernels.fold(lost.field, length, one),
    () => kernels.foldSmall(lost.small, length, one),
    () => kernels.productRound(lost.field, field, length),
    () => kernels.productRound(field, lost.field, length),
    () => kernels.layerRound(lost.field, length, 1, ...round),
    () => kernels.layerRound(lost.small, length, 1, ...round),
    () => kernels.layerRound(field, length, 1, lost.single, field, gate, round[3]),
    () => kernels.layerRound(field, length, 1, round[0], lost.field, gate, round[3]),
    () => kernels.toPoints(lost.points),
    () => kernels.viewPoints(lost.points, 0, 1),
    () => kernels.selectPoints(lost.points, Uint32Array.of(0)),
    () => kernels.concatPoints([points, lost.points]),
    () => kernels.compress(lost.points),
    () => kernels.multiScalar(lost.points, field),
    () => kernels.multiScalar(points, lost.field),
    () => kernels.commitBits(lost.points, new Uint8Array(length), kernels.viewPoints(points, 0, 1)),
    () => kernels.commitBits(kernels.viewPoints(points, 0, 1), new Uint8Array(length), lost.points),
  ];
}

for (const [name, start] of [
  ["reference kernels", () => Promise.resolve(createReferenceKernels())],
  ["kernels on one thread", () => createKernels({ threads: 1 })],
  ["kernels on two threads", () => createKernels({ threads: 2 })],
] as const) {
  describe(`vectors of ${name}`, () => {
    let kernels: Kernels;
    before(async () => {
      kernels = await start();
    });
    after(() => kernels.dispose());

    it("cannot be used after their scope, by any operation, whatever lies in their place", () => {
      for (const length of [1, 4]) {
        kernels.scope(() => {
          const lost = kernels.scope(() => make(kernels, length));
          const alive = make(kernels, length);
          // With these in place of the dead ones the same calls are right.
          for (const use of uses(kernels, alive, alive)) if (length === 4) kernels.scope(use);
          for (const use of uses(kernels, alive, lost)) {
            expect(() => kernels.scope(use), use.toString()).to.throw(KernelArgumentError, "used after its scope");
          }
        });
      }
    });

    it("end with the scope that an error leaves", () => {
      let lost: FieldVector | undefined;
      expect(() =>
        kernels.scope(() => {
          lost = kernels.zeros(2);
          throw new RangeError("from inside");
        }),
      ).to.throw("from inside");
      kernels.zeros(2);
      expect(() => kernels.toField(lost!)).to.throw("used after its scope");
    });

    it("live as long as what they are a view of", () => {
      kernels.scope(() => {
        const { field, points } = make(kernels, 4);
        const [view, folded, pointView] = kernels.scope(() => [
          kernels.view(field, 2, 2),
          kernels.fold(kernels.view(field, 0, 2), 1, reduce(1n)),
          kernels.viewPoints(points, 1, 2),
        ]);
        kernels.zeros(100);
        expect(kernels.toField(view)).to.deep.equal([9n, 10n]);
        expect(kernels.toField(folded)).to.deep.equal([8n]);
        expect(kernels.toPoints(pointView)).to.deep.equal(new Array(2).fill({ x: 1n, y: 2n }));
        const lost = kernels.scope(() => kernels.view(kernels.copy(field), 0, 2));
        kernels.zeros(100);
        expect(() => kernels.toField(lost)).to.throw("used after its scope");
      });
    });

    it("are not taken from other kernels", () => {
      const foreign = createReferenceKernels().zeros(3);
      kernels.zeros(3);
      expect(() => kernels.toField(foreign)).to.throw(KernelArgumentError, "other kernels");
    });
  });
}
