import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { proveArgument } from "@zkcmp/libra/prover/argument";
import { verifyArgument } from "@zkcmp/libra/verifier/argument";
import { expect } from "chai";
import {
  numberArgument,
  NUMBERS,
  numberTable,
  proveWeightedSum,
  verifyWeightedSum,
  weightedSum,
} from "../../packages/libra/test/number-argument.ts";

/**
 * The attack: in the public Libra code the verifier holds a pointer to the prover and reads its fields, such as the values at a layer's
 * point, and the trapdoor of the commitments lies in the same process. What it accepts, it accepts from an honest prover in its own
 * memory: a proof that was sent, or changed on the way, is not what it checks, and who has the trapdoor opens commitments as they like.
 * Refused: nothing of the verifier's code imports anything of the prover's, a proof is bytes, and there is no trapdoor: generators are
 * hashed from their names.
 */
describe("finding: verifier that reads the prover's memory", function () {
  this.timeout(30_000);
  const SOURCE = resolve(import.meta.dirname, "..", "..", "packages", "libra", "src");
  const FIELD_SOURCE = resolve(SOURCE, "..", "..", "field", "src");
  const IMPORT = /(?:from\s+|import\s*\(\s*|import\s+)"([^"]+)"/g;

  /** The files of this project that a file imports, types too. */
  function importsOf(file: string): string[] {
    return [...readFileSync(file, "utf8").matchAll(IMPORT)].flatMap(([, name]) => {
      if (name!.startsWith(".")) return [join(dirname(file), name!)];
      if (name!.startsWith("@zkcmp/libra/")) return [join(SOURCE, `${name!.slice("@zkcmp/libra/".length)}.ts`)];
      return name!.startsWith("@zkcmp/field/") ? [join(FIELD_SOURCE, `${name!.slice("@zkcmp/field/".length)}.ts`)] : [];
    });
  }

  function reachedFrom(entries: readonly string[]): Set<string> {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      importsOf(file).forEach(visit);
    };
    entries.forEach(visit);
    return reached;
  }

  function isOfProver(file: string): boolean {
    return /^(prover\/|sale\/(prover|witness)\.ts$)/.test(relative(SOURCE, file));
  }

  it("is not possible: the verifier's code does not reach the prover's", () => {
    const verifier = readdirSync(join(SOURCE, "verifier"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(SOURCE, "verifier", name));
    const sale = ["verifier", "public-data", "sale-system"].map((name) => join(SOURCE, "sale", `${name}.ts`));
    const reached = reachedFrom([...verifier, ...sale]);
    expect([...reached].filter(isOfProver)).to.deep.equal([]);
    // The walk does see what it looks for.
    expect(reached.has(join(SOURCE, "transcript.ts"))).to.equal(true);
    expect([...reachedFrom([join(SOURCE, "prover", "argument.ts")])].filter(isOfProver).length).to.be.greaterThan(3);
  });

  it("does not happen: a proof convinces when the prover has forgotten everything", () => {
    const ones = Array.from({ length: NUMBERS }, () => reduce(1n));
    const numbers = Array.from({ length: NUMBERS }, (_, i) => reduce(BigInt(i)));
    const sum = weightedSum(ones, numbers);
    const columns = numbers.map((number) => [number]);
    const table = { ...numberTable(numbers), wide: columns };
    const statement = new Uint8Array();
    const prover = createReferenceKernels();
    const proof = proveArgument(
      prover,
      numberArgument(),
      statement,
      [table],
      proveWeightedSum(prover, ones, sum),
      verifyWeightedSum(prover, ones, sum),
    );
    columns.forEach((column) => (column[0] = reduce(0n)));
    numbers.fill(reduce(0n));

    const buyer = createReferenceKernels();
    const received = Uint8Array.from(proof);
    proof.fill(0);
    verifyArgument(buyer, numberArgument(), statement, received, verifyWeightedSum(buyer, ones, sum));
  });

  it("has no trapdoor to read: the generators are the hashes of their labels, for everybody", () => {
    const points = [createReferenceKernels(), createReferenceKernels()].map((kernels) =>
      kernels.compress(kernels.generators("zkcmp/libra/columns/v1", 4)),
    );
    expect(points[0]).to.deep.equal(points[1]);
  });
});
