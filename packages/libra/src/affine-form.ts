import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";

/**
 * constant + sum of coefficient * message over messages that the prover has committed to and not shown. What a verifier
 * of shown messages would compute with numbers, ours computes with these.
 */
export interface AffineForm {
  readonly constant: FieldElement;
  /** Coefficients by the message's position in the proof. */
  readonly terms: ReadonlyMap<number, FieldElement>;
}

/** A value that the verifier knows. */
export function known(constant: FieldElement): AffineForm {
  return { constant, terms: new Map() };
}

/** The message at a position. */
export function message(position: number): AffineForm {
  return { constant: reduce(0n), terms: new Map([[position, reduce(1n)]]) };
}

/** The sum of coefficient * form. */
export function combine(parts: readonly (readonly [FieldElement, AffineForm])[]): AffineForm {
  let constant = 0n;
  const terms = new Map<number, FieldElement>();
  for (const [coefficient, form] of parts) {
    constant += coefficient * form.constant;
    for (const [position, own] of form.terms) {
      terms.set(position, reduce((terms.get(position) ?? 0n) + multiply(coefficient, own)));
    }
  }
  return { constant: reduce(constant), terms };
}

export function add(left: AffineForm, right: AffineForm): AffineForm {
  return combine([
    [reduce(1n), left],
    [reduce(1n), right],
  ]);
}

export function subtract(left: AffineForm, right: AffineForm): AffineForm {
  return combine([
    [reduce(1n), left],
    [reduce(-1n), right],
  ]);
}

export function scale(factor: FieldElement, form: AffineForm): AffineForm {
  return combine([[factor, form]]);
}

/** The form's value for given messages. */
export function evaluateForm(form: AffineForm, messages: readonly FieldElement[]): FieldElement {
  let sum: bigint = form.constant;
  for (const [position, coefficient] of form.terms) sum += coefficient * messages[position]!;
  return reduce(sum);
}
