import { type FieldElement, fieldFromBytes, multiply, reduce } from "@zkcmp/field/element";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { add, combine, known, scale, subtract } from "@zkcmp/libra/affine-form";
import type { Argument } from "@zkcmp/libra/argument";
import type { VerifierChannel } from "@zkcmp/libra/channel";
import type { ProverProtocol } from "@zkcmp/libra/prover/argument";
import type { RandomSource } from "@zkcmp/libra/prover/random-source";
import type { TableClaim, TableShape, TableValues, Weights } from "@zkcmp/libra/table";
import type { VerifierProtocol } from "@zkcmp/libra/verifier/argument";

/*
 * A small argument that has everything: a table of bits over two rows, the second cut short, a table of both kinds that is smaller
 * than a row, a table of field elements; messages in chunks of several sizes, zero and product constraints; and fillers, if the
 * opening is to have a halving.
 */

/** Randomness that repeats, for comparing proofs. */
export function seededRandomness(seed: string): RandomSource {
  let count = 0;
  const element = () => {
    const input = utf8ToBytes(`${seed} ${count++}`);
    return fieldFromBytes(concatBytes(sha256(input), sha256(concatBytes(input, input))));
  };
  return { elements: (length) => Array.from({ length }, element) };
}

export const SHAPES: readonly TableShape[] = [
  { name: "bits", copies: 5, slots: 16, wide: [] },
  { name: "mixed", copies: 3, slots: 4, wide: [1, 3] },
  { name: "wide", copies: 40, slots: 2, wide: [0, 1] },
];

export const ARGUMENT: Argument = { name: "toy", tables: SHAPES, digest: sha256(utf8ToBytes("toy system")) };
export const STATEMENT = utf8ToBytes("what is proven");
/** Row commitments of all three tables. */
export const ROWS = 2 + 1 + 2;
/** Messages that make the opening longer than what is shown of it. */
export const FILLERS_FOR_A_HALVING = 450;

/** What only the prover knows. */
export interface ToyWitness {
  readonly tables: readonly TableValues[];
  readonly a: FieldElement;
  readonly b: FieldElement;
  readonly c: FieldElement;
  /** Added to messages or claims that would be right, by their names. */
  readonly wrong?: Readonly<Record<string, bigint>>;
}

/** Random values for tables of these shapes. */
export function tableValues(shapes: readonly TableShape[], seed: string): TableValues[] {
  const random = seededRandomness(seed);
  return shapes.map(({ copies, slots, wide }) => ({
    bits: Uint8Array.from(random.elements(copies * slots), (value, i) =>
      wide.includes(i % slots) ? 0 : Number(value & 1n),
    ),
    wide: wide.map(() => random.elements(copies)),
  }));
}

export function toyWitness(seed: string): ToyWitness {
  const [a, b] = seededRandomness(`${seed} factors`).elements(2) as [FieldElement, FieldElement];
  return { tables: tableValues(SHAPES, seed), a, b, c: multiply(a, b) };
}

/** Weights of the claims, from two challenges. */
function toyClaims(x: FieldElement, y: FieldElement): readonly Omit<TableClaim, "value">[] {
  const point = (length: number): Weights => ({
    kind: "equality",
    point: Array.from({ length }, (_, i) => reduce(x + BigInt(i) * y)),
  });
  const vector = (length: number): Weights => ({
    kind: "vector",
    values: Array.from({ length }, (_, i) => reduce(y + BigInt(i * i))),
  });
  return [
    { table: 0, copyWeights: point(3), slotWeights: vector(16) },
    { table: 0, copyWeights: vector(5), slotWeights: point(4) },
    { table: 1, copyWeights: vector(3), slotWeights: vector(4) },
    { table: 2, copyWeights: point(6), slotWeights: point(1) },
  ];
}

/** a b = c and a c = d; e = x a + 5; the sums of the tables by challenged weights are the messages sent for them. */
export const toyVerifier: VerifierProtocol = (channel) => verifyToy(channel, 0);

export function verifyToy(channel: VerifierChannel, fillers: number): readonly TableClaim[] {
  const [a, b, c] = channel.receive(3, "factors") as [never, never, never];
  const x = channel.challenge("x");
  const [d, e] = channel.receive(2, "later") as [never, never];
  if (fillers > 0) channel.receive(fillers, "fillers");
  channel.requireProduct(a, b, c, "a b = c");
  channel.requireProduct(a, c, d, "a c = d");
  channel.requireZero(subtract(e, add(scale(x, a), known(reduce(5n)))), "e = x a + 5");
  const y = channel.challenge("y");
  const claims = toyClaims(x, y);
  const sums = channel.receive(claims.length, "sums");
  return claims.map((claim, i) => ({ ...claim, value: combine([[reduce(1n), sums[i]!]]) }));
}

export function toyProver({ tables, a, b, c, wrong = {} }: ToyWitness, fillers = 0): ProverProtocol {
  return (channel) => {
    const off = (name: string, value: bigint) => reduce(value + (wrong[name] ?? 0n));
    channel.send([a, b, off("c", c)], "factors");
    const x = channel.challenge("x");
    channel.send([off("d", multiply(a, c)), off("e", x * a + 5n)], "later");
    if (fillers > 0) {
      channel.send(
        Array.from({ length: fillers }, (_, i) => reduce(BigInt(i))),
        "fillers",
      );
    }
    const y = channel.challenge("y");
    const claims = toyClaims(x, y).map((claim, i) => ({
      ...claim,
      value: off(`sum ${i}`, weightedSum(SHAPES[claim.table]!, claim, tables[claim.table]!)),
    }));
    channel.send(
      claims.map(({ value }) => value),
      "sums",
    );
    return claims;
  };
}

/** The sum over all entries of copyWeights * slotWeights * entry, by definition. */
export function weightedSum(
  { copies, slots, wide }: TableShape,
  claim: Omit<TableClaim, "value">,
  values: TableValues,
): FieldElement {
  let sum = 0n;
  for (let copy = 0; copy < copies; copy++) {
    for (let slot = 0; slot < slots; slot++) {
      const position = wide.indexOf(slot);
      const entry = position < 0 ? BigInt(values.bits[copy * slots + slot]!) : values.wide[position]![copy]!;
      sum += entry * multiply(weightAt(claim.copyWeights, copy), weightAt(claim.slotWeights, slot));
    }
  }
  return reduce(sum);
}

function weightAt(weights: Weights, index: number): FieldElement {
  if (weights.kind === "vector") return weights.values[index] ?? reduce(0n);
  const { point } = weights;
  return point.reduce(
    (product, x, i) => multiply(product, (index >> (point.length - 1 - i)) & 1 ? x : reduce(1n - x)),
    reduce(1n),
  );
}
