import { type FieldElement, reduce } from "@zkcmp/field/element";
import { digitsPerWord } from "@zkcmp/field/packing";
import { poseidonSponge } from "@zkcmp/field/poseidon";
import { forward, isRight } from "@zkcmp/network/inference";
import { DOMAIN } from "@zkcmp/sale/domains";
import type { SaleWitness } from "@zkcmp/sale/proof-system";
import { cipherKeyOf } from "@zkcmp/sale/seal";
import type { SaleStatement } from "@zkcmp/sale/statement";
import { squaredErrorTerms } from "@zkcmp/sale/statement-check";
import { checkModelCommitment, ErrorBoundError, ThresholdError } from "@zkcmp/sale/witness-check";
import { combineRows, fixedPublicInputs } from "./public-statement.ts";
import type { LayerSlots, SaleCircuit } from "./sale-circuit.ts";

/** Values of all signals that the circuit takes from outside, by name. Larger than 2^64 they are BigInts. */
export type SaleCircuitInput = Readonly<Record<string, bigint | readonly bigint[] | readonly (readonly bigint[])[]>>;

/** Sum of values[j] * 2^(slotBits * j), as many to a field element as fit: circuits/network/product-check.circom, Slots. */
export function packSlots(values: readonly bigint[], { slotBits, words }: LayerSlots): FieldElement[] {
  const perWord = digitsPerWord(slotBits);
  return Array.from({ length: words }, (_, word) => {
    const slots = values.slice(word * perWord, (word + 1) * perWord);
    return reduce(slots.reduceRight((packed, value) => (packed << BigInt(slotBits)) + value, 0n));
  });
}

/** max over j of y_j + [j < L]: a row's own y_L exactly where the row is right (circuits/network/top-label.circom). */
function ceilingOf(outputs: readonly bigint[], label: number): bigint {
  return outputs.map((y, j) => (j < label ? y + 1n : y)).reduce((top, y) => (y > top ? y : top));
}

/**
 * The circuit's input for a statement and its witness. The integers are those of the plain inference.
 * @throws ThresholdError if fewer rows are right than the statement says
 * @throws ErrorBoundError if the squared errors sum up to more than the statement says
 * @throws ModelCommitmentError if M in the core is not that of the network and the salt
 * @throws StatementError if the statement does not fit the circuit
 */
export function saleCircuitInput(
  circuit: SaleCircuit,
  statement: SaleStatement,
  { network, secrets, modelSalt }: SaleWitness,
): { input: SaleCircuitInput; challenge: FieldElement } {
  const fixed = fixedPublicInputs(circuit, statement);
  checkModelCommitment(statement.core, network, modelSalt);
  const { rows } = statement.provenRows;
  const values = rows.map((row) => forward(network, row).map(({ z }) => z));
  const outputs = values.map((layers) => layers.at(-1)!);
  const judged =
    circuit.predicate === "accuracy" ? accuracyWitness(outputs, statement) : squaredErrorWitness(outputs, statement);

  const cipherKey = cipherKeyOf(secrets.key, secrets.secret);
  const challenge = poseidonSponge(
    [
      cipherKey,
      statement.core.keyCommitment,
      statement.core.bindingCommitment,
      statement.coreDigest,
      statement.dealId,
      statement.rowsDigest,
      ...values.flatMap((layers) => layers.flatMap((z, l) => packSlots(z, circuit.slots[l]!))),
    ],
    DOMAIN.challenge,
  );
  const input: SaleCircuitInput = {
    ...fixed,
    combined: combineRows(rows, challenge),
    key: secrets.key,
    opening: secrets.opening,
    secret: secrets.secret,
    modelSalt: circuit.committed ? [modelSalt!] : [],
    hidden: values.map((layers) => layers.slice(0, -1).flat().map(reduce)),
    outputs: outputs.map((output) => output.map(reduce)),
    ...judged,
  };
  return { input, challenge };
}

function accuracyWitness(outputs: readonly (readonly bigint[])[], statement: SaleStatement): SaleCircuitInput {
  const { labels, rows } = statement.provenRows;
  const right = outputs.map((output, i) => isRight(output, labels[i]!));
  const count = right.filter(Boolean).length;
  if (count < statement.threshold) throw new ThresholdError(rows.length, statement.threshold);
  return {
    oneHot: outputs.map((output, i) => output.map((_, j) => (j === labels[i] ? 1n : 0n))),
    right: right.map((isRow) => (isRow ? 1n : 0n)),
    ceiling: outputs.map((output, i) => reduce(ceilingOf(output, labels[i]!))),
  };
}

function squaredErrorWitness(outputs: readonly (readonly bigint[])[], statement: SaleStatement): SaleCircuitInput {
  const { targets, allowed } = squaredErrorTerms(statement);
  const errors = outputs.map(([z], row) => z! - targets[row]!);
  const sum = errors.reduce((total, error) => total + error * error, 0n);
  if (sum > allowed) throw new ErrorBoundError();
  return {};
}
