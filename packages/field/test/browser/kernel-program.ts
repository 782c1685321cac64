import { reduce } from "../../src/element.ts";
import { createKernels } from "../../src/kernels/create-kernels.ts";
import type { Kernels } from "../../src/kernels/kernels.ts";

/** Long enough for two threads. */
const COUNT = 5_003;
const POINTS = 200;

/** More than the kernels' first memory: it grows after the threads were started. */
const MUCH = 800_000;

/** Results of kernels of every kind on numbers that are the same in every run, as text. */
export function sampleResults(kernels: Kernels): Readonly<Record<string, string>> {
  return kernels.scope(() => {
    const much = kernels.zeros(MUCH);
    const field = (factor: bigint) =>
      kernels.fromField(Array.from({ length: COUNT }, (_, i) => reduce(factor ** BigInt(i % 13) - BigInt(i))));
    const bytes = kernels.fromSmall(Uint8Array.from({ length: 7 * COUNT }, (_, i) => (i * i + 3 * i) % 256));
    const [left, right] = [field(0x1234567n), field(0x89abcdef0123n)];
    kernels.addScaled(much, reduce(-5n), left);
    const { atZero, atInfinity } = kernels.productRound(left, right, 4_096);
    const generators = kernels.generators("zkcmp/test/browser", POINTS);
    const bits = Uint8Array.from({ length: 9 * POINTS }, (_, i) => (i * i + (i >> 3)) & 1);
    const committed = kernels.commitBits(generators, bits, kernels.viewPoints(generators, 0, 9));
    const { x, y } = kernels.multiScalar(generators, kernels.view(right, 7, POINTS));
    return {
      added: kernels.toField(kernels.view(much, COUNT - 2, 4)).join(),
      product: kernels.toField(kernels.multiply(left, right)).join(),
      inner: String(kernels.innerProduct(left, right)),
      rows: kernels.toField(kernels.combineRows(bytes, 7, left)).join(),
      columns: kernels.toField(kernels.combineColumns(bytes, 7, kernels.view(right, 0, 7))).join(),
      round: `${atZero},${atInfinity}`,
      fold: kernels.toField(kernels.fold(left, 4_096, reduce(-3n))).join(),
      sum: `${x},${y}`,
      committed: kernels.compress(committed).join(),
    };
  });
}

/** {@link sampleResults} and on how many threads. */
export async function run({ threads }: { threads: number }) {
  const kernels = await createKernels({ threads });
  try {
    return { threads: kernels.threads, results: sampleResults(kernels) };
  } finally {
    await kernels.dispose();
  }
}
