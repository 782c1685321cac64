import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { type AffineForm, combine } from "../affine-form.ts";
import type { VerifierChannel } from "../channel.ts";

const ONE = reduce(1n);

/** What is left of a sumcheck: the summed polynomial takes the value `final` at `point`. */
export interface SumcheckResult {
  readonly point: readonly FieldElement[];
  readonly final: AffineForm;
}

/** The three coefficients of a round's polynomial, lowest first. */
export type RoundCoefficients = readonly [AffineForm, AffineForm, AffineForm];

/** Receives a round's polynomial of degree 2. */
export function receiveRound(channel: VerifierChannel, name: string): RoundCoefficients {
  const [constant, linear, square] = channel.receive(3, name);
  return [constant!, linear!, square!];
}

/** The round's polynomial at a known place. */
export function roundAt([constant, linear, square]: RoundCoefficients, r: FieldElement): AffineForm {
  return combine([
    [ONE, constant],
    [r, linear],
    [multiply(r, r), square],
  ]);
}

/**
 * The sumcheck protocol (Lund, Fortnow, Karloff, Nisan; Libra, eprint 2019/317, section 2.3) for a polynomial of degree 2 in each variable, with
 * the verifier's check of every round as a constraint over the committed coefficients p_0 + p_1 t + p_2 t^2:
 *
 *   p(0) + p(1) - claim = 2 p_0 + p_1 + p_2 - claim = 0, next claim = p(r)
 *
 * @param variables number of variables, bound from the most significant one on
 * @param claim the sum over the hypercube
 * @returns the point of the challenges and the value that the polynomial must have there, which the caller has to enforce
 */
export function verifyProductSumcheck(
  channel: VerifierChannel,
  variables: number,
  claim: AffineForm,
  name: string,
): SumcheckResult {
  const point: FieldElement[] = [];
  let current = claim;
  for (let round = 0; round < variables; round++) {
    const coefficients = receiveRound(channel, `${name} round ${round}`);
    const [constant, linear, square] = coefficients;
    channel.requireZero(
      combine([
        [reduce(2n), constant],
        [ONE, linear],
        [ONE, square],
        [reduce(-1n), current],
      ]),
      `${name} round ${round}`,
    );
    const r = channel.challenge(`${name} round ${round}`);
    point.push(r);
    current = roundAt(coefficients, r);
  }
  return { point, final: current };
}
