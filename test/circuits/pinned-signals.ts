import { randomFieldElement } from "@zkcmp/field/element";
import { type Assignment, type CircuitUnderTest, WrongVerdictError } from "./circuit-under-test.ts";

/** Signals of the template itself and the inputs that it gives to its components, not what lies inside of these. */
export function templateSignals(circuit: CircuitUnderTest): string[] {
  return circuit.ownSignals().filter((name) => name.split(".").length <= 2);
}

/**
 * Forges every signal on its own, with all that follows from it recomputed, and expects that the signal's own constraints
 * refuse it and no others: without its definition the circuit would accept another value.
 * @throws {ForgeryAcceptedError} if a forged witness is accepted
 * @throws {WrongVerdictError} if every value tried breaks something else, too
 */
export function expectEachPinned(circuit: CircuitUnderTest, honest: Assignment, signals: readonly string[]): void {
  for (const signal of signals) {
    const value = circuit.get(honest, signal);
    const candidates = [value + 1n, value - 1n, value + 2n, randomFieldElement()];
    let failure: WrongVerdictError | null = null;
    for (const candidate of candidates) {
      failure = null;
      try {
        circuit.expectRejected(circuit.forge(honest, { [signal]: candidate }), signal);
        break;
      } catch (error) {
        if (!(error instanceof WrongVerdictError)) throw error;
        failure = error;
      }
    }
    if (failure !== null) throw new WrongVerdictError(`${signal}: ${failure.message}`);
  }
}
