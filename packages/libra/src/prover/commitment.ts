import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { concatBytes } from "@noble/hashes/utils.js";
import { beginOpening, type CommitmentKey, openingAt, valueGenerators } from "../commitment.ts";
import { encodeKnownValue } from "../known-value.ts";
import { extensionAt, innerProduct } from "../multilinear.ts";
import { encodeProof } from "../proof.ts";
import { VerifierMessages } from "../verifier/messages.ts";
import { combineConstraints } from "../verifier/relation.ts";
import { proveKnownValue } from "./known-value.ts";
import { proveLinearForm } from "./linear-form.ts";
import { ProverMessages } from "./messages.ts";
import { type RandomSource, systemRandomness } from "./random-source.ts";
import { RowCommitter } from "./row-commitments.ts";
import { createProverTable } from "./table.ts";

/** What opens a commitment: secret. */
export interface CommitmentOpening {
  readonly commitment: Uint8Array;
  /** The polynomial's values on {0, 1}^variables, the first variable being the most significant bit. */
  readonly values: readonly FieldElement[];
  readonly blindings: readonly FieldElement[];
}

/** A commitment to the polynomial's value at a point, y T_0 + blinding H, with its opening, and the proof. */
export interface OpenedValue {
  readonly value: FieldElement;
  readonly blinding: FieldElement;
  /** Holds the commitment to the value; verify returns it. */
  readonly proof: Uint8Array;
}

/**
 * Commit of the zkVPD: hides the polynomial perfectly.
 * @param values 2^variables values
 * @throws {RangeError} if there are fewer or more
 */
export function commit(kernels: Kernels, key: CommitmentKey, values: readonly FieldElement[]): CommitmentOpening {
  return commitWithRandomness(systemRandomness, kernels, key, values);
}

/** `commit` with given randomness: for tests alone. */
export function commitWithRandomness(
  random: RandomSource,
  kernels: Kernels,
  key: CommitmentKey,
  values: readonly FieldElement[],
): CommitmentOpening {
  if (values.length !== 2 ** key.variables)
    throw new RangeError(`${values.length} values for ${key.variables} variables`);
  const shape = key.argument.tables[0]!;
  const { rows, blindings } = kernels.scope(() =>
    new RowCommitter(kernels, random, key.columns).commit(shape, tableOf(values)),
  );
  return { commitment: rows, values, blindings };
}

/** Open of the zkVPD: shows nothing but that the value's commitment fits. */
export function open(
  kernels: Kernels,
  key: CommitmentKey,
  opening: CommitmentOpening,
  point: readonly FieldElement[],
): OpenedValue {
  return openWithRandomness(systemRandomness, kernels, key, opening, point);
}

/** `open` with given randomness: for tests alone. */
export function openWithRandomness(
  random: RandomSource,
  kernels: Kernels,
  key: CommitmentKey,
  { commitment, values, blindings }: CommitmentOpening,
  point: readonly FieldElement[],
): OpenedValue {
  return kernels.scope(() => {
    const transcript = beginOpening(key, commitment, point);
    const value = extensionAt(values, point);
    const sent = new ProverMessages(kernels, random, transcript.copy());
    sent.send([value], "value");
    const received = new VerifierMessages(transcript, sent.commitments);
    received.receive(1, "value");
    const [valueBlinding] = sent.blindings as [FieldElement];
    const ofValue = valueGenerators(kernels, key);
    const knownValue = proveKnownValue(kernels, random, transcript, ofValue, value, valueBlinding);
    const relation = combineConstraints(kernels, transcript, key.argument, received, [openingAt(key, point)]);
    const { sizes, weights, form } = relation;

    const vector = kernels.zeros(sizes.length);
    const [valueWeight] = kernels.toField(kernels.view(weights, key.rows, 1)) as [FieldElement];
    kernels.write(vector, 0, 1, [multiply(valueWeight, value)]);
    const table = createProverTable(kernels, key.argument.tables[0]!, tableOf(values));
    const columns = table.combineCommitmentRows(key.columns, kernels.view(weights, 0, key.rows));
    kernels.addScaled(kernels.view(vector, sizes.messages, key.columns), reduce(1n), columns);
    const witness = {
      values: vector,
      blinding: innerProduct(kernels.toField(weights), [...blindings, ...sent.blindings]),
    };
    const opened = encodeProof({
      counts: { rows: 0, columns: key.columns, chunks: 1, messages: 1, products: 0 },
      rows: new Uint8Array(0),
      chunks: concatBytes(...sent.commitments),
      factors: null,
      opening: proveLinearForm(kernels, random, transcript, key.generators, form, witness, sizes.halvings),
    });
    return { value, blinding: valueBlinding, proof: concatBytes(opened, encodeKnownValue(knownValue)) };
  });
}

function tableOf(values: readonly FieldElement[]) {
  return { bits: new Uint8Array(values.length), wide: [values] };
}
