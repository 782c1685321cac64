import { type FieldElement, invert, multiply, reduce } from "@zkcmp/field/element";
import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { poseidonParameters, poseidonSponge } from "@zkcmp/field/poseidon";
import { createNetwork, type Network } from "@zkcmp/network/network";
import type { NetworkShape } from "@zkcmp/network/shape";
import { createTestSet } from "@zkcmp/network/testset";
import { ciphertextDigest } from "@zkcmp/sale/ciphertext";
import { type Core, coreDigest } from "@zkcmp/sale/core";
import { DOMAIN } from "@zkcmp/sale/domains";
import { cipherKeyOf, commitBinding, commitKey } from "@zkcmp/sale/seal";
import type { SaleStatement } from "@zkcmp/sale/statement";
import { ThresholdError } from "@zkcmp/sale/witness-check";
import { expect } from "chai";
import fc from "fast-check";
import {
  networkOf,
  regressionNetworkOf,
  SHAPE,
  targetSetFor,
  testSetFor,
  withThreshold,
} from "../../../sale/test/fixture.ts";
import { digitMatrix } from "../../src/sale/digit-weights.ts";
import { inputSlot } from "../../src/sale/permutation-circuit.ts";
import { tracePermutation } from "../../src/sale/permutation-trace.ts";
import { type PermutationUse, type SaleSystem, saleSystemOf } from "../../src/sale/sale-system.ts";
import { marginSlot } from "../../src/sale/score-circuit.ts";
import { type Forgery, type LooseTables, runPlainSale } from "./plain-sale.ts";
import { SALT, type SaleCase, saleCase } from "./sale-case.ts";
import { dense } from "./shapes.ts";

let kernels: Kernels;

/** The constraints that find a forgery out; the rest of the proof is as good as a cheating prover can make it. */
function finders(sale: SaleCase, forge?: (forgery: Forgery) => void): readonly string[] {
  return runPlainSale(kernels, sale, forge).violated;
}

/** A statement whose core, digests included, says what the cheating seller wants. */
function restated({ statement, witness }: SaleCase, core: Partial<Core>, ciphertext = statement.ciphertext): SaleCase {
  const changed: Core = { ...statement.core, ciphertextDigest: ciphertextDigest(ciphertext), ...core };
  const restatement: SaleStatement = { ...statement, core: changed, coreDigest: coreDigest(changed), ciphertext };
  return { statement: restatement, witness };
}

/** Puts a permutation of any state into a copy. */
function placePermutation(
  { permutations }: SaleSystem,
  { tables, boxInputs }: LooseTables,
  use: PermutationUse,
  state: readonly FieldElement[],
  block = 0,
): FieldElement[] {
  const { permutation, table } = permutations[use.group]!;
  const copy = use.firstCopy + block;
  const trace = tracePermutation(state);
  const { wide } = tables[table]!;
  trace.boxes.forEach((values, box) => (wide[box]![copy] = values[0]!));
  trace.boxInputs.forEach((values, box) => (boxInputs[use.group]![box]![copy] = values[0]!));
  state.forEach((word, i) => (wide[inputSlot(permutation, i)]![copy] = word));
  return trace.outputs.map(([word]) => word!);
}

/** Puts a 2 and a 0 in the place of a 0 and a 1 from a slot on: the same sum of a 2 that is no bit. */
function spoilBit(bits: Uint8Array, at: number): void {
  for (let bit = at; ; bit++) {
    if (bits[bit] === 0 && bits[bit + 1] === 1) {
      bits[bit] = 2;
      bits[bit + 1] = 0;
      return;
    }
  }
}

describe("sale verifier", function () {
  this.timeout(60_000);
  const one = reduce(1n);
  const network = networkOf();
  const testSet = testSetFor(network, 3, 2);
  let sale: SaleCase;
  before(async () => {
    kernels = await createKernels({ threads: 1 });
    sale = await saleCase(network, testSet);
    expect(sale.statement.threshold).to.equal(2);
  });

  after(() => kernels.dispose());

  it("takes honest tables", () => {
    expect(finders(sale)).to.deep.equal([]);
  });

  it("finds every change of a used copy's slot that something reads, and reads no other", () => {
    const { activations, scores, words, permutations, surplus, argument } = saleSystemOf(sale.statement);
    const used = argument.tables.map(() => 0);
    activations.forEach(({ ranges }, table) => {
      used[table] = ranges.reduce((sum, { neurons, bits }) => sum + neurons * Math.max(bits, 1), 0);
    });
    if (scores.kind !== "accuracy") throw new Error("not accuracy");
    used[scores.table] = marginSlot(scores, scores.classes, 0);
    used[words.table] = words.digitsPerWord * words.digitBits;
    for (const { table, permutation } of permutations) used[table] = permutation.boxes + permutation.width;
    used[surplus.table] = surplus.bits;
    const places = fc.nat(used.length - 1).chain((table) =>
      fc.record({
        table: fc.constant(table),
        slot: fc.nat(argument.tables[table]!.slots - 1),
        copy: fc.nat(argument.tables[table]!.copies - 1),
      }),
    );
    fc.assert(
      fc.property(places, ({ table, slot, copy }) => {
        const found = finders(sale, ({ witness }) => {
          const { shape, bits, wide } = witness.tables[table]!;
          const column = wide[shape.wide.indexOf(slot)];
          if (column !== undefined) column[copy] = reduce(column[copy]! + 1n);
          else bits[copy * shape.slots + slot]! ^= 1;
        });
        expect(found.length > 0).to.equal(slot < used[table]!);
      }),
      { numRuns: 40 },
    );
  });

  describe("refuses sealed words", () => {
    it("of another network than the proven one", () => {
      const other = networkOf(SHAPE, 5);
      const otherCase = { ...sale, witness: { ...sale.witness, network: other } };
      const labels = testSetFor(other, 3, 3);
      const honest = restated(otherCase, {});
      const statement = { ...honest.statement, provenRows: labels };
      expect(finders({ ...honest, statement })).to.deep.equal(["words of the ciphertext"]);
    });

    it("with one digit off", () => {
      const { weights } = network.layers[0]!;
      const layers = network.layers.map((layer, i) =>
        i === 0
          ? { ...layer, weights: weights.with(0, weights[0]! === 0 ? 1 : weights[0]! - Math.sign(weights[0]!)) }
          : layer,
      );
      const near = { ...sale, witness: { ...sale.witness, network: { ...network, layers } } };
      const statement = withThreshold(sale.statement, 1);
      expect(finders({ ...near, statement })).to.deep.equal(["words of the ciphertext"]);
    });

    it("in which a digit has a part that is no bit", () => {
      const found = finders(sale, ({ system, witness }) => spoilBit(witness.tables[system.words.table]!.bits, 0));
      expect(found).to.deep.equal(["words layer 0"]);
    });

    it("with bits beyond the last word's digits", () => {
      const { ciphertext } = sale.statement;
      const digits = (4 + 1) * SHAPE.layers[0]!.outputs + (SHAPE.layers[0]!.outputs + 1) * SHAPE.layers[1]!.outputs;
      const perWord = Math.floor(253 / SHAPE.weightBits);
      const used = (digits - (ciphertext.length - 1) * perWord) * SHAPE.weightBits;
      expect(used).to.be.below(perWord * SHAPE.weightBits);
      const last = ciphertext.length - 1;
      const forged = restated(sale, {}, ciphertext.with(last, reduce(ciphertext[last]! + (1n << BigInt(used)))));
      const found = finders(forged, ({ system, witness }) => {
        witness.tables[system.words.table]!.bits[last * system.words.slots + used] = 1;
        witness.digits[last * digitMatrix(system.words).columns + used / SHAPE.weightBits] = 1;
      });
      expect(found).to.deep.equal(["unused bits of the last word"]);
    });
  });

  describe("refuses keys", () => {
    it("with another k in E than in K", () => {
      const { key, opening } = sale.witness.secrets;
      const other = reduce(key + 1n);
      const forged = restated(sale, { keyCommitment: commitKey(other, opening) });
      const found = finders(forged, ({ system, witness }) =>
        placePermutation(system, witness, system.uses.key, [DOMAIN.keyCommitment, other, opening]),
      );
      expect(found).to.deep.equal(["keys"]);
    });

    it("with another s in S than in K", () => {
      const other = reduce(sale.witness.secrets.secret + 1n);
      const forged = restated(sale, { bindingCommitment: commitBinding(other) });
      const found = finders(forged, ({ system, witness }) =>
        placePermutation(system, witness, system.uses.binding, [DOMAIN.binding, other]),
      );
      expect(found).to.deep.equal(["keys"]);
    });

    it("behind other commitments than the core's, or under other tags", () => {
      for (const core of [{ keyCommitment: reduce(7n) }, { bindingCommitment: reduce(7n) }]) {
        expect(finders(restated(sale, core))).to.deep.equal(["keys"]);
      }
      const { key, opening, secret } = sale.witness.secrets;
      const states = { key: [key, opening], cipherKey: [key, secret], binding: [secret] } as const;
      for (const use of ["key", "cipherKey", "binding"] as const) {
        const found = finders(sale, ({ system, witness }) =>
          placePermutation(system, witness, system.uses[use], [DOMAIN.samples, ...states[use]]),
        );
        expect(found).to.include("keys");
      }
    });

    it("whose permutation has one wrong S-box, with the output that the cheat needs", () => {
      const wanted = reduce(123n);
      const forged = restated(sale, { bindingCommitment: wanted });
      const found = finders(forged, ({ system, witness }) => {
        const { permutation, table } = system.permutations[system.uses.binding.group]!;
        const honest = tracePermutation([DOMAIN.binding, sale.witness.secrets.secret]).outputs[0]![0]!;
        const { matrix } = poseidonParameters(2);
        const box = permutation.boxes - 2;
        const { wide } = witness.tables[table]!;
        wide[box]![0] = reduce(wide[box]![0]! + multiply(reduce(wanted - honest), invert(matrix[0]![0]!)));
      });
      expect(found.every((name) => name.startsWith("permutation-2"))).to.be.true;
      expect(found).not.to.be.empty;
    });
  });

  describe("refuses a keystream", () => {
    /** Seals the words under pads of any states. */
    function underStates(states: (honest: FieldElement[]) => FieldElement[]): readonly string[] {
      const { key, secret } = sale.witness.secrets;
      const honest = new Array<FieldElement>(17)
        .fill(reduce(0n))
        .with(0, DOMAIN.keystream)
        .with(1, cipherKeyOf(key, secret));
      const pads = tracePermutation(honest).outputs;
      const forgedState = states(honest);
      const forgedPads = tracePermutation(forgedState).outputs;
      const { ciphertext } = sale.statement;
      expect(ciphertext.length).to.be.at.most(16);
      const resealed = ciphertext.map((word, i) => reduce(word - pads[i]![0]! + forgedPads[i]![0]!));
      return finders(restated(sale, {}, resealed), ({ system, witness }) =>
        placePermutation(system, witness, system.uses.keystream, forgedState),
      );
    }

    it("of another counter, key or tag, or with something in the words that are zero", () => {
      for (const place of [0, 1, 2, 3, 16]) {
        const found = underStates((state) => state.with(place, reduce(state[place]! + 1n)));
        expect(found, `word ${place}`).to.deep.equal(["inputs of the keystream"]);
      }
    });

    it("that is not the pad of the ciphertext", () => {
      const { ciphertext } = sale.statement;
      ciphertext.forEach((word, i) => {
        const forged = restated(sale, {}, ciphertext.with(i, reduce(word + 1n)));
        expect(finders(forged)).to.deep.equal(["words of the ciphertext"]);
      });
    });
  });

  describe("refuses activations", () => {
    const mute: NetworkShape = { inputBits: 4, weightBits: 8, layers: [dense(2, 2, "relu", 3), dense(2, 2, "none")] };
    // Whatever the hidden neurons give, nothing changes above.
    const muted = createNetwork(
      mute,
      [
        { weights: [5, 6, 7, 8], biases: [1, 2] },
        { weights: [0, 0, 0, 0], biases: [3, 1] },
      ],
      [1, 1],
    );
    const rows = createTestSet({
      inputBits: 4,
      classes: 2,
      rows: [
        [1, 2],
        [3, 4],
      ],
      labels: [0, 0],
    });

    it("that do not follow from the pre-activations", async () => {
      const found = finders(await saleCase(muted, rows), ({ witness }) => {
        (witness.activations[0] as Float64Array)[1]! += 1;
      });
      expect(found).to.deep.equal(["activations-0 layer 0"]);
    });

    it("with parts that are no bits", async () => {
      const found = finders(await saleCase(muted, rows), ({ witness }) => spoilBit(witness.tables[0]!.bits, 0));
      expect(found).to.deep.equal(["activations-0 layer 0"]);
    });

    it("of other pre-activations than the matrix product's, of ReLU and of squares", async () => {
      const found = finders(await saleCase(muted, rows), ({ witness }) => {
        // Bits below the shift change z and not h.
        witness.tables[0]!.bits[0]! ^= 1;
      });
      expect(found).to.deep.equal(["layer 0"]);
      const squares = createNetwork(
        { ...mute, layers: [dense(2, 2, "square"), dense(2, 2, "none")] },
        muted.layers,
        [1, 1],
      );
      const changed = finders(await saleCase(squares, rows), ({ witness }) => {
        witness.tables[0]!.wide[0]![0] = reduce(-witness.tables[0]!.wide[0]![0]!);
      });
      expect(changed).to.deep.equal(["layer 0"]);
    });
  });

  describe("refuses counts", () => {
    it("that are higher than the rows marked right", () => {
      const forged = { ...sale, statement: withThreshold(sale.statement, 3) };
      expect(() => finders(forged)).to.throw(ThresholdError, "fewer than 3 of the 3 rows");
      const found = finders(sale, ({ data }) => Object.assign(data.judged, { threshold: 3 }));
      expect(found).to.deep.equal(["number of right rows"]);
    });

    it("in a surplus that is not made of bits", async () => {
      const allRight = await saleCase(network, testSetFor(network, 3, 3), { threshold: 1 });
      const found = finders(allRight, ({ system, witness }) => {
        witness.tables[system.surplus.table]!.bits.set([2, 0]);
      });
      expect(found).to.deep.equal(["surplus layer 0"]);
    });

    it("that take in a row whose margin is negative, its bits wrapped around", () => {
      const found = finders(sale, ({ system, witness }) => markRight(system, witness, 2, "wrapped"));
      expect(found).to.deep.equal(["scores layer 0"]);
    });

    it("that take in a wrong row without any margins", () => {
      const found = finders(sale, ({ system, witness }) => markRight(system, witness, 2, "none"));
      expect(found).to.deep.equal(["scores layer 0"]);
    });

    it("that take in a wrong row by another class's score", () => {
      const found = finders(sale, ({ system, witness }) => markRight(system, witness, 2, "another top"));
      expect(found).to.deep.equal(["label scores"]);
    });

    it("in which a row counts twice", () => {
      const found = finders(sale, ({ system, witness }) => {
        const { scores, surplus } = system;
        if (scores.kind !== "accuracy") throw new Error("not accuracy");
        const { bits } = witness.tables[scores.table]!;
        const own = bits.subarray(0, scores.slots);
        // ok = 2 wants twice the margins, which have room for it in their bits.
        own[scores.okSlot] = 2;
        for (let label = 0; label < scores.classes; label++) {
          own.copyWithin(
            marginSlot(scores, label, 1),
            marginSlot(scores, label, 0),
            marginSlot(scores, label, scores.marginBits - 1),
          );
          own[marginSlot(scores, label, 0)] = 0;
        }
        witness.tables[surplus.table]!.bits[0] = 1;
      });
      expect(found).to.deep.equal(["scores layer 0"]);
    });

    it("of ties that a higher index wins", async () => {
      const tied = createNetwork(
        { inputBits: 4, weightBits: 8, layers: [dense(2, 2, "none")] },
        [{ weights: [1, 1, 1, 1], biases: [0, 0] }],
        [1],
      );
      const rows = createTestSet({
        inputBits: 4,
        classes: 2,
        rows: [
          [1, 2],
          [3, 4],
        ],
        labels: [0, 1],
      });
      const ties = await saleCase(tied, rows);
      expect(ties.statement.threshold).to.equal(1);
      const found = finders(ties, ({ system, witness }) => {
        const { scores, surplus } = system;
        if (scores.kind !== "accuracy") throw new Error("not accuracy");
        const { bits, wide } = witness.tables[scores.table]!;
        wide[0]![1] = wide[1]![1]!;
        bits[scores.slots + scores.okSlot] = 1;
        witness.tables[surplus.table]!.bits[0] = 1;
      });
      expect(found).to.deep.equal(["layer 0"]);
    });

    it("that take in padding copies, which a cheat may fill as he likes", () => {
      const pad = ({ witness }: Forgery, table: number, fill: (bits: Uint8Array, at: number) => void): void => {
        const loose = witness.tables[table]!;
        const { slots, copies } = loose.shape;
        const bits = new Uint8Array((copies + 1) * slots);
        bits.set(loose.bits);
        fill(bits, copies * slots);
        loose.bits = bits;
        loose.wide.forEach((column) => column.push(reduce(0n)));
        loose.shape = { ...loose.shape, copies: copies + 1 };
      };
      const found = finders(sale, (forgery) => {
        const { scores, surplus } = forgery.system;
        if (scores.kind !== "accuracy") throw new Error("not accuracy");
        pad(forgery, scores.table, (bits, at) => (bits[at + scores.okSlot] = 1));
        forgery.witness.tables[surplus.table]!.bits[0] = 1;
      });
      expect(found).to.deep.equal(["number of right rows"]);
      // Alone, what lies there changes nothing.
      const harmless = finders(sale, (forgery) => {
        const { scores } = forgery.system;
        if (scores.kind !== "accuracy") throw new Error("not accuracy");
        pad(forgery, scores.table, (bits, at) => (bits[at + scores.okSlot] = 1));
      });
      expect(harmless).to.deep.equal([]);
    });

    /** Counts a wrong row. */
    function markRight(
      { scores, surplus, rows }: SaleSystem,
      { tables }: LooseTables,
      row: number,
      how: "wrapped" | "none" | "another top",
    ): void {
      if (scores.kind !== "accuracy") throw new Error("not accuracy");
      const { bits, wide } = tables[scores.table]!;
      const label = testSet.labels[row]!;
      const signed = (value: FieldElement): bigint => (value >> 200n === 0n ? value : value - reduce(-1n) - 1n);
      const own = wide.slice(0, scores.classes).map((column) => signed(column[row]!));
      expect(rows).to.equal(3);
      bits[row * scores.slots + scores.okSlot] = 1;
      tables[surplus.table]!.bits[0] = 1;
      let top = own[label]!;
      expect(own.some((score) => top < score)).to.be.true;
      if (how === "another top") {
        top = own.reduce((best, score) => (score > best ? score : best));
        wide[scores.topSlot]![row] = reduce(top);
      }
      if (how === "none") return;
      own.forEach((score, j) => {
        const margin = BigInt.asUintN(scores.marginBits, top - score);
        for (let bit = 0; bit < scores.marginBits; bit++) {
          bits[row * scores.slots + marginSlot(scores, j, bit)] = Number((margin >> BigInt(bit)) & 1n);
        }
      });
    }
  });

  describe("refuses squared errors", () => {
    const regression = regressionNetworkOf();
    let errors: SaleCase;
    before(async () => {
      errors = await saleCase(regression, targetSetFor(regression, 3));
    });

    it("that are not output minus target", () => {
      const found = finders(errors, ({ system, witness }) => {
        const { wide } = witness.tables[system.scores.table]!;
        wide[0]![0] = reduce(-wide[0]![0]!);
      });
      expect(found).to.deep.equal(["layer 1"]);
    });

    it("whose squares are none, or do not sum up", () => {
      const found = finders(errors, ({ system, witness }) => {
        const { wide } = witness.tables[system.scores.table]!;
        wide[1]![0] = reduce(wide[1]![0]! + 1n);
        wide[1]![1] = reduce(wide[1]![1]! - 1n);
      });
      expect(found).to.deep.equal(["errors layer 0"]);
      const summed = finders(errors, ({ system, witness }) => {
        witness.tables[system.surplus.table]!.bits[0]! ^= 1;
      });
      expect(summed).to.deep.equal(["sum of squared errors"]);
    });

    it("of a row left out", () => {
      const found = finders(errors, ({ system, witness }) => {
        const { wide } = witness.tables[system.scores.table]!;
        wide[0]![2] = reduce(0n);
        wide[1]![2] = reduce(0n);
      });
      expect(found).to.deep.equal(["layer 1", "sum of squared errors"]);
    });
  });

  describe("refuses an M", () => {
    // Two blocks of the sponge: 15 weights of 16 bits in a word.
    const wideNetwork: Network = networkOf({ inputBits: 1, weightBits: 16, layers: [dense(470, 1, "none")] });
    let committed: SaleCase;
    before(async () => {
      committed = await saleCase(wideNetwork, testSetFor(wideNetwork, 1, 1), { modelSalt: SALT });
    });

    function sponge(
      { system, witness }: Forgery,
      message: readonly FieldElement[],
      capacities: (honest: FieldElement, block: number) => FieldElement,
    ): FieldElement {
      const { model, modelEnd } = system.uses;
      let capacity: FieldElement = DOMAIN.model;
      for (let start = 0, block = 0; start < message.length; start += 16, block++) {
        const state = [capacities(capacity, block), ...message.slice(start, start + 16)];
        const isFull = block < model.copies;
        capacity = placePermutation(system, witness, isFull ? model : modelEnd!, state, isFull ? block : 0)[0]!;
      }
      return capacity;
    }

    /** The words as the honest sponge has them. */
    function messageOf({ system, witness }: Forgery): FieldElement[] {
      const { model, modelEnd } = system.uses;
      const inputs = (use: PermutationUse, copy: number): FieldElement[] => {
        const { permutation, table } = system.permutations[use.group]!;
        return Array.from(
          { length: permutation.width - 1 },
          (_, i) => witness.tables[table]!.wide[inputSlot(permutation, 1 + i)]![use.firstCopy + copy]!,
        );
      };
      const blocks = Array.from({ length: model.copies }, (_, copy) => inputs(model, copy));
      return [...blocks.flat(), ...(modelEnd === null ? [] : inputs(modelEnd, 0))];
    }

    /** Restates M as what the forged sponge gives, which is known only with the tables. */
    function findersOf(
      change: (message: FieldElement[]) => readonly FieldElement[],
      capacities: (honest: FieldElement, block: number) => FieldElement = (honest) => honest,
    ): readonly string[] {
      let forgedM: FieldElement = one;
      runPlainSale(kernels, committed, (forgery) => {
        forgedM = sponge(forgery, change(messageOf(forgery)), capacities);
      });
      return runForged(forgedM, (forgery) => void sponge(forgery, change(messageOf(forgery)), capacities));
    }

    function runForged(modelCommitment: FieldElement, forge: (forgery: Forgery) => void): readonly string[] {
      const { core } = committed.statement;
      return finders(committed, (forgery) => {
        Object.assign(forgery.data, { core: { ...core, modelCommitment } });
        forge(forgery);
      });
    }

    it("takes the honest one", () => {
      expect(findersOf((message) => message)).to.deep.equal([]);
      const { statement } = committed;
      expect(statement.ciphertext.length).to.be.above(16 + 1);
    });

    it("of the words in another order, within a block or across blocks", () => {
      const swapped = (i: number, j: number) => (message: FieldElement[]) =>
        message.with(i, message[j]!).with(j, message[i]!);
      for (const [i, j] of [
        [1, 2],
        [15, 16],
        [3, 19],
        [last(), 1],
      ] as const) {
        expect(findersOf(swapped(i, j))).to.deep.equal(["words of the model"]);
      }
      expect(
        findersOf((message) => [...message.slice(16, 32), ...message.slice(0, 16), ...message.slice(32)]),
      ).to.deep.equal(["words of the model"]);
    });

    it("of other words", () => {
      expect(findersOf((message) => message.with(7, one))).to.deep.equal(["words of the model"]);
    });

    it("whose blocks do not follow on each other, or that has another tag", () => {
      for (const wrong of [0, 1]) {
        const capacities = (honest: FieldElement, block: number) => (block === wrong ? reduce(honest + 1n) : honest);
        expect(findersOf((message) => message, capacities)).to.deep.equal(["chain of the model's blocks"]);
      }
    });

    it("of another salt", () => {
      const forged = (forgery: Forgery) =>
        void sponge(forgery, messageOf(forgery).with(0, reduce(SALT + 1n)), (honest) => honest);
      const { modelCommitment } = committed.statement.core;
      expect(runForged(modelCommitment, forged)).to.deep.equal(["chain of the model's blocks"]);
      // Any salt is as good as any other for an M made with it.
      expect(findersOf((message) => message.with(0, one))).to.deep.equal([]);
    });

    it("that is a sponge as the rest of the project has it", () => {
      runPlainSale(kernels, committed, (forgery) => {
        expect(poseidonSponge(messageOf(forgery), DOMAIN.model)).to.equal(committed.statement.core.modelCommitment);
      });
    });

    /** The place of the last word, behind the salt. */
    function last(): number {
      return committed.statement.ciphertext.length;
    }
  });
});
