import { type FieldElement, toFieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { poseidon, poseidonSponge } from "@zkcmp/field/poseidon";
import { DOMAIN } from "@zkcmp/sale/domains";
import type { RoundShape } from "./round-shape.ts";
import { packSamples, type Samples } from "./samples.ts";

/** A round id, address, number of providers or ridge that does not fit its bits in a commitment or public signal. */
export class RoundWordError extends ZkcmpError {}

/** What a provider commits to. */
export interface SampleOpening {
  /** 160 bits, from the contract. */
  readonly roundId: bigint;
  /** The address that is paid, 160 bits. */
  readonly payee: bigint;
  /** Uniform in [1, r), kept by the provider and shown to the owner alone; without it likely rows could be guessed. */
  readonly salt: FieldElement;
  readonly samples: Samples;
}

/**
 * C = sponge(tag, [roundId, payee, salt, count, packed rows]). Round and payee are inside, so that a copied commitment is
 * worth nothing to who copies it.
 * @throws SamplesError, RoundWordError
 */
export function commitSamples(shape: RoundShape, opening: SampleOpening): FieldElement {
  const { roundId, payee, salt, samples } = opening;
  const words = packSamples(shape, samples, shape.rows);
  return poseidonSponge(
    [addressWord(roundId, "The round id"), addressWord(payee, "The payee"), salt, countWord(samples), ...words],
    DOMAIN.samples,
  );
}

/**
 * V = sponge(tag, [salt, count, packed rows]) of the validation set.
 * @throws SamplesError
 */
export function commitValidation(
  shape: RoundShape,
  opening: { readonly salt: FieldElement; readonly samples: Samples },
): FieldElement {
  const { salt, samples } = opening;
  const words = packSamples(shape, samples, shape.validationRows);
  return poseidonSponge([salt, countWord(samples), ...words], DOMAIN.validation);
}

/**
 * The registry after all entries: h = 0, then h = Poseidon(h, payee, commitment) for each provider in the order of their
 * registration. The contract keeps the same chain; it binds rows, payees and slots by one public signal.
 * @throws RoundWordError
 */
export function registryOf(
  entries: readonly { readonly payee: bigint; readonly commitment: FieldElement }[],
): FieldElement {
  return entries.reduce(
    (chain, { payee, commitment }) => poseidon([chain, addressWord(payee, "The payee"), commitment]),
    toFieldElement(0n),
  );
}

/**
 * The one public input of a round's proof: roundId * 2^10 + providers * 2^6 + ridgeBits.
 * @throws RoundWordError
 */
export function contextWord(roundId: bigint, providers: number, ridgeBits: number): FieldElement {
  const count = boundedWord(BigInt(providers), 4, "The number of providers");
  const ridge = boundedWord(BigInt(ridgeBits), 6, "The ridge exponent");
  return toFieldElement((addressWord(roundId, "The round id") << 10n) | (count << 6n) | ridge);
}

function countWord(samples: Samples): FieldElement {
  return toFieldElement(BigInt(samples.rows.length));
}

function addressWord(value: bigint, name: string): FieldElement {
  return boundedWord(value, 160, name);
}

function boundedWord(value: bigint, bits: number, name: string): FieldElement {
  if (value < 0n || value >> BigInt(bits) !== 0n) {
    throw new RoundWordError(
      `${name} is not an unsigned integer of ${bits} bits`,
      "Take it from the round's contract.",
    );
  }
  return toFieldElement(value);
}
