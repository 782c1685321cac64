import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import type { Progress } from "@zkcmp/sale/proof-system";
import { concatBytes } from "@noble/hashes/utils.js";
import { type AffineForm, evaluateForm } from "../affine-form.ts";
import { type Argument, beginTranscript, columnsOf, rowsOf } from "../argument.ts";
import type { ProverChannel } from "../channel.ts";
import { openingGenerators, type OpeningGenerators } from "../generators.ts";
import { extrapolate, lagrangeWeights } from "../interpolation.ts";
import { innerProduct } from "../multilinear.ts";
import { encodeProof, type ShownFactors } from "../proof.ts";
import type { TableClaim, TableValues } from "../table.ts";
import type { Transcript } from "../transcript.ts";
import type { VerifierProtocol } from "../verifier/argument.ts";
import { VerifierMessages } from "../verifier/messages.ts";
import { verifyProducts } from "../verifier/products.ts";
import { combineConstraints, type Relation } from "../verifier/relation.ts";
import { type TableOpening, verifyTableClaims } from "../verifier/table-claims.ts";
import { RowCommitter } from "./row-commitments.ts";
import { type LinearFormWitness, proveLinearForm } from "./linear-form.ts";
import { ProverMessages } from "./messages.ts";
import { type RandomSource, systemRandomness } from "./random-source.ts";
import { createProverTable, type ProverTable } from "./table.ts";
import { proveTableClaims } from "./table-claims.ts";

/** The prover's side of a VerifierProtocol: the same messages and challenges in the same order, and the claims with their values. */
export type ProverProtocol = (
  channel: ProverChannel,
  tables: readonly ProverTable[],
) => readonly TableClaim<FieldElement>[];

/** The witness does not satisfy the statement. Which values it has is not told. */
export class UnsatisfiedStatementError extends ZkcmpError {
  /** The first constraint that does not hold. */
  readonly constraint: string;

  constructor(constraint: string) {
    super(`What is to be proven does not hold: ${constraint}`, "Check that the witness belongs to the statement");
    this.constraint = constraint;
  }
}

/**
 * Makes a proof for `verifyArgument`. Every value in it is uniform or a function of uniform ones, whatever the tables hold
 * (perfect zero knowledge in the random oracle model): commitments are blinded, the factors at the products' point and the
 * opened vector masked by uniform elements of the system's generator.
 *
 * @param tables what the argument's tables hold, in their order
 * @param verifierProtocol the verifier's own code. It is replayed over the commitments, which gives the constraints; a proof is only
 * made if all of them hold for the values.
 * @throws {UnsatisfiedStatementError} naming the first constraint that doesn't hold
 */
export function proveArgument(
  kernels: Kernels,
  argument: Argument,
  statement: Uint8Array,
  tables: readonly TableValues[],
  protocol: ProverProtocol,
  verifierProtocol: VerifierProtocol,
  progress?: Progress,
): Uint8Array {
  return proveWithRandomness(
    systemRandomness,
    kernels,
    argument,
    statement,
    tables,
    protocol,
    verifierProtocol,
    progress,
  );
}

/** `proveArgument` with given randomness, which shows the witness to whoever knows it: for tests alone. */
export function proveWithRandomness(
  random: RandomSource,
  kernels: Kernels,
  argument: Argument,
  statement: Uint8Array,
  tables: readonly TableValues[],
  protocol: ProverProtocol,
  verifierProtocol: VerifierProtocol,
  progress: Progress = () => undefined,
): Uint8Array {
  return kernels.scope(() => {
    const run = runProtocol(random, kernels, argument, statement, tables, protocol, verifierProtocol, progress);
    requireConstraints(run);
    progress("opening the commitments");
    const closing = prepareOpening(random, kernels, argument, run);
    requireOpening(kernels, closing);
    return closeProof(random, kernels, run, closing);
  });
}

/** A protocol up to its opening: everything committed, nothing proven. */
export interface ProtocolRun {
  readonly tables: readonly ProverTable[];
  readonly rows: Uint8Array;
  readonly rowBlindings: readonly FieldElement[];
  readonly sent: ProverMessages;
  /** The replayed verifier, with its constraints, and the verifier's transcript. */
  readonly received: VerifierMessages;
  readonly transcript: Transcript;
  readonly openings: readonly TableOpening[];
}

/** Commits to the tables, runs the prover's protocol, then the verifier's over the same commitments. */
export function runProtocol(
  random: RandomSource,
  kernels: Kernels,
  argument: Argument,
  statement: Uint8Array,
  values: readonly TableValues[],
  protocol: ProverProtocol,
  verifierProtocol: VerifierProtocol,
  progress: Progress,
): ProtocolRun {
  const columns = columnsOf(argument);
  const committer = new RowCommitter(kernels, random, columns);
  const committed = argument.tables.map((shape, i) => {
    progress(`committing to ${shape.name}`, i / argument.tables.length);
    return committer.commit(shape, values[i]!);
  });
  const rows = concatBytes(...committed.map((table) => table.rows));
  const transcript = beginTranscript(argument, statement, rows);
  const replayed = transcript.copy();

  progress("reducing the statement to the tables");
  const tables = argument.tables.map((shape, i) => createProverTable(kernels, shape, values[i]!));
  const sent = new ProverMessages(kernels, random, transcript);
  proveTableClaims(kernels, sent, tables, columns, protocol(sent, tables));

  progress("replaying the verifier");
  const received = new VerifierMessages(replayed, sent.commitments);
  const openings = verifyTableClaims(received, argument.tables, columns, verifierProtocol(received));
  if (!replayed.equals(transcript)) throw new Error("the prover's and the verifier's protocol differ");
  const rowBlindings = committed.flatMap((table) => table.blindings);
  return { tables, rows, rowBlindings, sent, received, transcript: replayed, openings };
}

/** @throws {UnsatisfiedStatementError} */
export function requireConstraints({ received, sent }: ProtocolRun): void {
  const valueOf = (form: AffineForm) => evaluateForm(form, sent.values);
  for (const { form, name } of received.zeros) {
    if (valueOf(form) !== 0n) throw new UnsatisfiedStatementError(name);
  }
  for (const { left, right, product, name } of received.products) {
    if (multiply(valueOf(left), valueOf(right)) !== valueOf(product)) throw new UnsatisfiedStatementError(name);
  }
}

/** What the last step opens. */
export interface Closing {
  readonly factors: ShownFactors | null;
  readonly relation: Relation;
  readonly generators: OpeningGenerators;
  readonly witness: LinearFormWitness;
}

/** Sends the chunk of the products and combines all constraints, whether they hold or not. */
export function prepareOpening(random: RandomSource, kernels: Kernels, argument: Argument, run: ProtocolRun): Closing {
  const columns = columnsOf(argument);
  const factors = sendProducts(random, run);
  const relation = combineConstraints(kernels, run.transcript, argument, run.received, run.openings);
  return {
    factors,
    relation,
    generators: openingGenerators(kernels, relation.sizes.messages, columns),
    witness: openingWitness(kernels, columns, run, relation),
  };
}

/** @throws {UnsatisfiedStatementError} unless the combined form has its value: a table that isn't what its claims say */
export function requireOpening(kernels: Kernels, { relation, witness }: Closing): void {
  if (kernels.innerProduct(relation.form, witness.values) !== relation.value) {
    throw new UnsatisfiedStatementError("the tables do not have the values claimed");
  }
}

/** The proof, whether the constraints hold or not. */
export function closeProof(
  random: RandomSource,
  kernels: Kernels,
  { rows, rowBlindings, sent, received, transcript }: ProtocolRun,
  { factors, relation, generators, witness }: Closing,
): Uint8Array {
  const { form, sizes } = relation;
  return encodeProof({
    counts: {
      rows: rowBlindings.length,
      columns: sizes.length - sizes.messages,
      chunks: sent.commitments.length,
      messages: sent.values.length,
      products: received.products.length,
    },
    rows,
    chunks: concatBytes(...sent.commitments),
    factors,
    opening: proveLinearForm(kernels, random, transcript, generators, form, witness, sizes.halvings),
  });
}

/** The prover's part of verifyProducts, which it runs in the replay. */
function sendProducts(random: RandomSource, { sent, received, transcript }: ProtocolRun): ShownFactors | null {
  const { products } = received;
  if (products.length === 0) return null;
  const [leftMask, rightMask] = random.elements(2) as [FieldElement, FieldElement];
  const lefts = [leftMask, ...products.map(({ left }) => evaluateForm(left, sent.values))];
  const rights = [rightMask, ...products.map(({ right }) => evaluateForm(right, sent.values))];
  const rightsBeyond = extrapolate(rights, products.length);
  const beyond = extrapolate(lefts, products.length).map((left, i) => multiply(left, rightsBeyond[i]!));
  sent.send([leftMask, rightMask, multiply(leftMask, rightMask), ...beyond], "products");
  let shown: ShownFactors | null = null;
  verifyProducts(transcript, received, (z) => {
    const weights = lagrangeWeights(products.length, z);
    shown = { left: innerProduct(weights, lefts), right: innerProduct(weights, rights) };
    return shown;
  });
  return shown;
}

/** The vector and the blinding of the sum that the relation's weights make of all commitments. */
function openingWitness(
  kernels: Kernels,
  columns: number,
  { tables, rowBlindings, sent, received }: ProtocolRun,
  { sizes, weights }: Relation,
): LinearFormWitness {
  const values = kernels.zeros(sizes.length);
  const rows = rowBlindings.length;
  const chunkWeights = kernels.toField(kernels.view(weights, rows, sent.commitments.length));
  let position = 0;
  received.counts.forEach((count, chunk) => {
    const own = sent.values.slice(position, position + count);
    kernels.write(
      values,
      position,
      1,
      own.map((value) => multiply(chunkWeights[chunk]!, value)),
    );
    position += count;
  });
  const columnValues = kernels.view(values, sizes.messages, columns);
  let row = 0;
  tables.forEach((table) => {
    const own = kernels.view(weights, row, rowsOf(table.shape, columns));
    row += own.length;
    kernels.addScaled(columnValues, reduce(1n), table.combineCommitmentRows(columns, own));
  });
  const blinding = innerProduct(kernels.toField(weights), [...rowBlindings, ...sent.blindings]);
  return { values, blinding };
}
