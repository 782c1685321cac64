import { type FieldElement, invert, multiply, reduce } from "@zkcmp/field/element";
import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import type { AffinePoint, Kernels } from "@zkcmp/field/kernels/kernels";
import { evaluateForm } from "@zkcmp/libra/affine-form";
import { columnsOf, rowsOf } from "@zkcmp/libra/argument";
import { BLINDING_LABEL, COLUMN_LABEL, MESSAGE_LABEL } from "@zkcmp/libra/generators";
import { lagrangeWeights } from "@zkcmp/libra/interpolation";
import { innerProduct } from "@zkcmp/libra/multilinear";
import { decodeProof, type ShownFactors } from "@zkcmp/libra/proof";
import {
  closeProof,
  prepareOpening,
  type ProtocolRun,
  requireConstraints,
  requireOpening,
  runProtocol,
} from "@zkcmp/libra/prover/argument";
import type { RandomSource } from "@zkcmp/libra/prover/random-source";
import { verifyArgument, type VerifierProtocol } from "@zkcmp/libra/verifier/argument";
import { drawMaskChallenge } from "@zkcmp/libra/verifier/linear-form";
import { VerifierMessages } from "@zkcmp/libra/verifier/messages";
import { verifyProducts } from "@zkcmp/libra/verifier/products";
import { expect } from "chai";
import {
  ARGUMENT,
  FILLERS_FOR_A_HALVING,
  ROWS,
  seededRandomness,
  STATEMENT,
  toyProver,
  toyWitness,
  type ToyWitness,
  verifyToy,
} from "../argument-fixture.ts";

/** Factors of the blinding's generator that give the generators of a label. */
function factorsOf(label: string, count: number): FieldElement[] {
  return label === BLINDING_LABEL ? [reduce(1n)] : seededRandomness(label).elements(count);
}

/** Kernels whose generators are all known multiples of H, so that every commitment can be opened to anything. */
function withTrapdoor(kernels: Kernels): Kernels {
  const [base] = kernels.scope(() => kernels.toPoints(kernels.generators(BLINDING_LABEL, 1))) as [AffinePoint];
  const known = new Map<string, AffinePoint[]>();
  const generators = (label: string, count: number) => {
    const points = known.get(label) ?? [];
    known.set(label, points);
    for (const factor of factorsOf(label, count).slice(points.length)) {
      const times = () => kernels.multiScalar(kernels.fromPoints([base]), kernels.fromField([factor]));
      points.push(kernels.scope(times));
    }
    return kernels.fromPoints(points.slice(0, count));
  };
  return { ...kernels, generators };
}

/** A prover's randomness, element by element in the order in which it is drawn; what is not drawn yet may still be changed. */
class ListedRandomness implements RandomSource {
  drawn = 0;
  readonly #list: readonly FieldElement[];

  constructor(list: readonly FieldElement[]) {
    this.#list = list;
  }

  elements(count: number): FieldElement[] {
    this.drawn += count;
    return this.#list.slice(this.drawn - count, this.drawn);
  }
}

const RANDOMNESS = seededRandomness("randomness of the first proof").elements(2000);
const COLUMNS = columnsOf(ARGUMENT);
const protocol: VerifierProtocol = (channel) => verifyToy(channel, FILLERS_FOR_A_HALVING);

/**
 * Zero knowledge, exactly: for a proof of one witness there is randomness with which another witness gives the same proof, byte for
 * byte. It is found one element for one, so it is as likely as the first: the proof says nothing about which witness made it.
 *
 * Finding it takes what nobody has, the generators' discrete logarithms. A value that is shown with less than its own mask, or two
 * that share one, leave an equation that the other witness does not satisfy.
 */
describe("the same proof from two witnesses", function () {
  this.timeout(60_000);
  let kernels: Kernels;

  before(async () => (kernels = withTrapdoor(await createKernels({ threads: 1 }))));
  after(() => kernels.dispose());

  function start(witness: ToyWitness, random: RandomSource): ProtocolRun {
    const prover = toyProver(witness, FILLERS_FOR_A_HALVING);
    const run = runProtocol(random, kernels, ARGUMENT, STATEMENT, witness.tables, prover, protocol, () => undefined);
    requireConstraints(run);
    return run;
  }

  function close(run: ProtocolRun, random: RandomSource) {
    const closing = prepareOpening(random, kernels, ARGUMENT, run);
    requireOpening(kernels, closing);
    return closing;
  }

  /** What the messages of a chunk add to its commitment, as a multiple of H. */
  function chunkFactor({ sent, received }: ProtocolRun, chunk: number): bigint {
    const start = received.counts.slice(0, chunk).reduce((sum, count) => sum + count, 0);
    const factors = factorsOf(MESSAGE_LABEL, sent.values.length);
    return sent.values
      .slice(start, start + received.counts[chunk]!)
      .reduce((sum, value, i) => sum + value * factors[start + i]!, 0n);
  }

  /** What the entries of each row of all tables add to its commitment. */
  function rowFactors({ tables }: ProtocolRun): bigint[] {
    const factors = factorsOf(COLUMN_LABEL, COLUMNS);
    return tables.flatMap((table) => {
      const entries = kernels.toField(table.field());
      return Array.from({ length: rowsOf(table.shape, COLUMNS) }, (_, row) =>
        factors.reduce((sum, factor, column) => sum + factor * (entries[row * COLUMNS + column] ?? 0n), 0n),
      );
    });
  }

  /** The challenge at which a run, not closed yet, shows its factors, given the commitment that closes it. */
  function productPoint(run: ProtocolRun, commitment: Uint8Array): FieldElement {
    const transcript = run.transcript.copy();
    const messages = new VerifierMessages(transcript, [commitment]);
    for (const { left, right, product, name } of run.received.products) {
      messages.requireProduct(left, right, product, name);
    }
    let point: FieldElement | undefined;
    const factors = { left: reduce(0n), right: reduce(0n) };
    verifyProducts(transcript, messages, (z) => ((point = z), factors));
    return point!;
  }

  /** The masks of the factors with which a run shows the given ones at z. */
  function masksOf({ received, sent }: ProtocolRun, shown: ShownFactors, z: FieldElement): FieldElement[] {
    const [ofMask, ...ofFactors] = lagrangeWeights(received.products.length, z) as [FieldElement, ...FieldElement[]];
    return (["left", "right"] as const).map((side) => {
      const factors = received.products.map((product) => evaluateForm(product[side], sent.values));
      return multiply(reduce(shown[side] - innerProduct(ofFactors, factors)), invert(ofMask));
    });
  }

  it("is there, with one random element for one", () => {
    kernels.scope(() => {
      const [one, two] = [toyWitness("one"), toyWitness("two")];
      const firstRandom = new ListedRandomness(RANDOMNESS);
      const first = start(one, firstRandom);
      const [chunks, beforeProducts] = [
        first.sent.commitments.length,
        { ...first, transcript: first.transcript.copy() },
      ];
      const closing = close(first, firstRandom);
      const beforeOpening = first.transcript.copy();
      const proof = closeProof(firstRandom, kernels, first, closing);
      verifyArgument(kernels, ARGUMENT, STATEMENT, proof, protocol);
      const { factors, opening } = decodeProof(proof, ROWS, COLUMNS);

      // Rows, chunks, the masks of the factors, the chunk of the products, the masked vector, its blinding.
      const masks = ROWS + chunks;
      const productChunk = masks + 2;
      const vector = productChunk + 1;
      const blinding = vector + closing.witness.values.length;
      expect(firstRandom.drawn).to.equal(blinding + 1);

      const list = RANDOMNESS.slice();
      const shift = (place: number, by: bigint) => (list[place] = reduce(list[place]! + by));
      const restart = () => start(two, new ListedRandomness(list));
      const rows = rowFactors(restart());
      rowFactors(first).forEach((factor, row) => shift(row, factor - rows[row]!));
      // A chunk's messages depend on the challenges, so on all commitments before it.
      for (let chunk = 0; chunk < chunks; chunk++) {
        shift(ROWS + chunk, chunkFactor(first, chunk) - chunkFactor(restart(), chunk));
      }
      const z = productPoint(beforeProducts, first.sent.commitments[chunks]!);
      masksOf(restart(), factors!, z).forEach((mask, i) => (list[masks + i] = mask));
      const triedRandom = new ListedRandomness(list);
      const tried = start(two, triedRandom);
      close(tried, triedRandom);
      shift(productChunk, chunkFactor(first, chunks) - chunkFactor(tried, chunks));

      const secondRandom = new ListedRandomness(list);
      const second = start(two, secondRandom);
      const secondClosing = close(second, secondRandom);
      const e = drawMaskChallenge(beforeOpening, opening.first, opening.formValue);
      const [opened, other] = [closing, secondClosing].map(({ witness }) => kernels.toField(witness.values));
      opened!.forEach((value, i) => shift(vector + i, e * (value - other![i]!)));
      shift(blinding, e * (closing.witness.blinding - secondClosing.witness.blinding));
      const again = closeProof(secondRandom, kernels, second, secondClosing);

      expect(Buffer.from(again).equals(proof)).to.equal(true);
      // By another witness, of which other messages were sent.
      expect(second.sent.values.filter((value, i) => value !== first.sent.values[i])).to.have.length.above(20);
    });
  });
});
