import { type FieldElement, reduce } from "@zkcmp/field/element";
import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { columnsOf } from "@zkcmp/libra/argument";
import { openingGenerators } from "@zkcmp/libra/generators";
import { decodeProof, ProofRefusedError } from "@zkcmp/libra/proof";
import {
  prepareOpening,
  proveArgument,
  type ProverProtocol,
  proveWithRandomness,
  requireOpening,
  runProtocol,
  UnsatisfiedStatementError,
} from "@zkcmp/libra/prover/argument";
import { proveLinearForm } from "@zkcmp/libra/prover/linear-form";
import { systemRandomness } from "@zkcmp/libra/prover/random-source";
import { verifyArgument, type VerifierProtocol } from "@zkcmp/libra/verifier/argument";
import { drawMaskChallenge, verifyLinearForm } from "@zkcmp/libra/verifier/linear-form";
import { VerifierMessages } from "@zkcmp/libra/verifier/messages";
import { verifyProducts } from "@zkcmp/libra/verifier/products";
import { combineConstraints } from "@zkcmp/libra/verifier/relation";
import { verifyTableClaims } from "@zkcmp/libra/verifier/table-claims";
import { variablesOf, type Weights } from "@zkcmp/libra/table";
import { concatBytes } from "@noble/hashes/utils.js";
import { expect } from "chai";
import fc from "fast-check";
import {
  ARGUMENT,
  ROWS,
  seededRandomness,
  FILLERS_FOR_A_HALVING,
  STATEMENT,
  tableValues,
  toyProver,
  toyVerifier,
  toyWitness,
  type ToyWitness,
  verifyToy,
  weightedSum,
} from "../argument-fixture.ts";
import { forgeArgument } from "../forge.ts";
import { ProgrammedTranscript } from "../programmed-transcript.ts";
import { deviation } from "../uniformity.ts";

const SAMPLES = 40;

describe("proveArgument", function () {
  this.timeout(60_000);
  let kernels: Kernels;

  before(async () => (kernels = await createKernels({ threads: 1 })));
  after(() => kernels.dispose());

  const prove = (witness: ToyWitness, protocol: ProverProtocol = toyProver(witness)) =>
    proveArgument(kernels, ARGUMENT, STATEMENT, witness.tables, protocol, toyVerifier);
  const verify = (proof: Uint8Array) => verifyArgument(kernels, ARGUMENT, STATEMENT, proof, toyVerifier);

  it("proves what holds", () => {
    for (const seed of ["one", "two"]) verify(prove(toyWitness(seed)));
  });

  it("proves what holds with a longer opening", () => {
    const witness = toyWitness("long");
    const long: VerifierProtocol = (channel) => verifyToy(channel, FILLERS_FOR_A_HALVING);
    const protocol = toyProver(witness, FILLERS_FOR_A_HALVING);
    const proof = proveArgument(kernels, ARGUMENT, STATEMENT, witness.tables, protocol, long);
    expect(decodeProof(proof, ROWS, columnsOf(ARGUMENT)).opening.halvings.length).to.equal(1);
    verifyArgument(kernels, ARGUMENT, STATEMENT, proof, long);
  });

  it("proves claims about tables of any shapes", () => {
    const shape = fc.record({
      name: fc.constant("table"),
      copies: fc.integer({ min: 1, max: 150 }),
      slots: fc.constantFrom(1, 2, 8, 64, 128),
      wide: fc.constant([]),
    });
    fc.assert(
      fc.property(fc.array(shape, { minLength: 1, maxLength: 3 }), fc.infiniteStream(fc.nat()), (tables, wideness) => {
        const shapes = tables.map((table) => {
          const share = wideness.next().value % 3;
          const wide = Array.from({ length: table.slots }, (_, slot) => slot).filter(
            (slot) => share > 0 && slot % 2 < share,
          );
          return { ...table, wide };
        });
        const argument = { ...ARGUMENT, tables: shapes };
        const values = tableValues(shapes, "any shapes");
        const claims = (x: FieldElement) =>
          shapes.map(({ copies, slots }, table) => ({
            table,
            copyWeights: { kind: "equality", point: new Array<FieldElement>(variablesOf(copies)).fill(x) } as Weights,
            slotWeights: {
              kind: "vector",
              values: Array.from({ length: slots }, (_, i) => reduce(x + BigInt(i))),
            } as Weights,
          }));
        const prover: ProverProtocol = (channel) => {
          const open = claims(channel.challenge("x"));
          const known = open.map((claim) => ({
            ...claim,
            value: weightedSum(shapes[claim.table]!, claim, values[claim.table]!),
          }));
          channel.send(
            known.map(({ value }) => value),
            "sums",
          );
          return known;
        };
        const verifier: VerifierProtocol = (channel) => {
          const open = claims(channel.challenge("x"));
          const sums = channel.receive(open.length, "sums");
          return open.map((claim, i) => ({ ...claim, value: sums[i]! }));
        };
        const proof = proveArgument(kernels, argument, STATEMENT, values, prover, verifier);
        verifyArgument(kernels, argument, STATEMENT, proof, verifier);
      }),
      { numRuns: 6 },
    );
  });

  it("makes the same bytes with the reference kernels, and both verify them", () => {
    const witness = toyWitness("same");
    const reference = createReferenceKernels();
    const [fast, slow] = [kernels, reference].map((which) =>
      proveWithRandomness(
        seededRandomness("masks"),
        which,
        ARGUMENT,
        STATEMENT,
        witness.tables,
        toyProver(witness),
        toyVerifier,
      ),
    ) as [Uint8Array, Uint8Array];
    expect(fast).to.deep.equal(slow);
    verify(fast);
    verifyArgument(reference, ARGUMENT, STATEMENT, fast, toyVerifier);
  });

  const wrong: readonly (readonly [string, string])[] = [
    ["c", "a b = c"],
    ["d", "a c = d"],
    ["e", "e = x a + 5"],
  ];
  for (const [message, constraint] of wrong) {
    it(`makes no proof if ${constraint} does not hold, and the verifier takes none`, () => {
      const witness = { ...toyWitness("wrong"), wrong: { [message]: 1n } };
      expect(() => prove(witness))
        .to.throw(UnsatisfiedStatementError)
        .with.property("constraint", constraint);
      const forged = forgeArgument(kernels, ARGUMENT, STATEMENT, witness.tables, toyProver(witness), toyVerifier);
      expect(() => verify(forged)).to.throw(ProofRefusedError);
    });
  }

  for (const claim of [0, 1, 2, 3]) {
    it(`makes no proof of a wrong sum over a table (claim ${claim}), and the verifier takes none`, () => {
      const witness = { ...toyWitness("wrong"), wrong: { [`sum ${claim}`]: -1n } };
      expect(() => prove(witness))
        .to.throw(UnsatisfiedStatementError)
        .with.property("constraint")
        .that.includes("table claims");
      const forged = forgeArgument(kernels, ARGUMENT, STATEMENT, witness.tables, toyProver(witness), toyVerifier);
      expect(() => verify(forged)).to.throw(ProofRefusedError);
    });
  }

  it("names the constraint and no value", () => {
    const witness = { ...toyWitness("secret"), wrong: { c: 1n } };
    let message = "";
    try {
      prove(witness);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).to.include("a b = c");
    for (const secret of [witness.a, witness.b, witness.c, reduce(witness.c + 1n)]) {
      expect(message).to.not.include(String(secret)).and.not.include(secret.toString(16));
    }
  });

  it("makes no proof of tables that are not those of the protocol", () => {
    const witness = toyWitness("one");
    const other = toyWitness("two").tables;
    expect(() => proveArgument(kernels, ARGUMENT, STATEMENT, other, toyProver(witness), toyVerifier)).to.throw(
      UnsatisfiedStatementError,
    );
    const forged = forgeArgument(kernels, ARGUMENT, STATEMENT, other, toyProver(witness), toyVerifier);
    expect(() => verify(forged)).to.throw(ProofRefusedError);
  });

  it("opens no tables that are not what the combined claims say", () => {
    kernels.scope(() => {
      const witness = toyWitness("one");
      const [random, silent] = [systemRandomness, () => undefined];
      const { tables } = witness;
      const run = runProtocol(random, kernels, ARGUMENT, STATEMENT, tables, toyProver(witness), toyVerifier, silent);
      const closing = prepareOpening(random, kernels, ARGUMENT, run);
      requireOpening(kernels, closing);
      const relation = { ...closing.relation, value: reduce(closing.relation.value + 1n) };
      expect(() => requireOpening(kernels, { ...closing, relation })).to.throw(UnsatisfiedStatementError);
    });
  });

  it("makes no proof of a table that is changed while it proves", () => {
    const argument = { ...ARGUMENT, tables: [{ name: "changed", copies: 3, slots: 8, wide: [1] }] };
    const tables = tableValues(argument.tables, "changed");
    const claim = {
      table: 0,
      copyWeights: { kind: "vector", values: [1n, 1n, 1n].map(reduce) } as Weights,
      slotWeights: { kind: "equality", point: [2n, 3n, 4n].map(reduce) } as Weights,
    };
    const attempt = (change: () => void) =>
      proveArgument(
        kernels,
        argument,
        STATEMENT,
        tables,
        (channel) => {
          const value = weightedSum(argument.tables[0]!, claim, tables[0]!);
          channel.send([value], "sum");
          change();
          return [{ ...claim, value }];
        },
        (channel) => [{ ...claim, value: channel.receive(1, "sum")[0]! }],
      );
    attempt(() => undefined);
    const wide = tables[0]!.wide[0] as FieldElement[];
    expect(() => attempt(() => (wide[2] = reduce(wide[2]! + 1n)))).to.throw(
      UnsatisfiedStatementError,
      "tables do not have the values claimed",
    );
  });

  it("stops when prover and verifier do not speak of the same messages", () => {
    const witness = toyWitness("one");
    const more: ProverProtocol = (channel, tables) => {
      const claims = toyProver(witness)(channel, tables);
      channel.challenge("one more");
      return claims;
    };
    expect(() => prove(witness, more)).to.throw("differ");
  });

  it("frees what it makes and can go on afterwards", () => {
    const witness = toyWitness("scope");
    expect(() => prove({ ...witness, wrong: { c: 1n } })).to.throw(UnsatisfiedStatementError);
    verify(prove(witness));
  });

  it("shows nothing twice in two proofs of the same statement by the same witness", () => {
    const witness = toyWitness("twice");
    const words = (proof: Uint8Array) =>
      Array.from({ length: (proof.length - 16) / 32 }, (_, i) =>
        Buffer.from(proof.subarray(16 + 32 * i, 48 + 32 * i)).toString("hex"),
      );
    const first = words(prove(witness));
    expect(new Set([...first, ...words(prove(witness))]).size).to.equal(2 * first.length);
  });

  it("shows uniform numbers, whatever the witness is", () => {
    const empty: ToyWitness = {
      tables: toyWitness("empty").tables.map(({ bits, wide }) => ({
        bits: new Uint8Array(bits.length),
        wide: wide.map((column) => column.map(() => reduce(0n))),
      })),
      a: reduce(0n),
      b: reduce(0n),
      c: reduce(0n),
    };
    for (const witness of [empty, toyWitness("full")]) {
      const samples = Array.from({ length: SAMPLES }, () => {
        const { factors, opening } = decodeProof(prove(witness), ROWS, columnsOf(ARGUMENT));
        // The form's value follows from the rest.
        return [factors!.left, factors!.right, opening.blinding, ...opening.rest];
      });
      // The probability of six standard deviations is below 10^-8.
      expect(Math.abs(deviation(samples))).to.be.below(6);
    }
  });

  it("shows nothing that a simulator without tables and messages does not make, for known challenges", () => {
    kernels.scope(() => {
      const columns = columnsOf(ARGUMENT);
      const transcript = new ProgrammedTranscript("simulated");
      // Commitments that nobody can open, in the place of every row and every chunk.
      const nobody = kernels.generators("nobody knows their discrete logarithms", 100);
      const encoded = kernels.compress(nobody);
      const chunks = Array.from({ length: 100 - ROWS }, (_, i) => encoded.slice(32 * (ROWS + i), 32 * (ROWS + i + 1)));
      const messages = new VerifierMessages(transcript, chunks);
      const openings = verifyTableClaims(messages, ARGUMENT.tables, columns, toyVerifier(messages));
      const [left, right] = systemRandomness.elements(2) as [FieldElement, FieldElement];
      verifyProducts(transcript, messages, () => ({ left, right }));
      const relation = combineConstraints(kernels, transcript, ARGUMENT, messages, openings);

      const generators = openingGenerators(kernels, relation.sizes.messages, columns);
      const commitments = kernels.viewPoints(nobody, 0, ROWS + messages.counts.length);
      // What is shown is uniform; the mask's commitment and value are what then fits.
      const nothing = { values: kernels.zeros(relation.sizes.length), blinding: reduce(0n) };
      const shown = proveLinearForm(
        kernels,
        systemRandomness,
        transcript.copy(),
        generators,
        relation.form,
        nothing,
        relation.sizes.halvings,
      );
      const e = drawMaskChallenge(transcript.copy(), shown.first, shown.formValue);
      const scalars = kernels.zeros(commitments.length + 1);
      kernels.write(scalars, 0, 1, [reduce(1n)]);
      kernels.addScaled(kernels.view(scalars, 1, commitments.length), reduce(-e), relation.weights);
      const first = kernels.multiScalar(kernels.concatPoints([kernels.decompress(shown.first), commitments]), scalars);
      const simulated = {
        ...shown,
        first: kernels.compress(kernels.fromPoints([first])),
        formValue: reduce(shown.formValue - e * relation.value),
      };
      const points = [simulated.first, ...simulated.halvings.flatMap((halving) => [halving.left, halving.right])];
      const statement = { ...relation, generators, commitments };
      verifyLinearForm(kernels, transcript, statement, simulated, kernels.decompress(concatBytes(...points)));
    });
  });
});
