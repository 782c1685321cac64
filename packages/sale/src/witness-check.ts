import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Network } from "@zkcmp/network/network";
import type { Core } from "./core.ts";
import { commitModel } from "./model-commitment.ts";

/** The model does not reach what the statement says, so there is nothing to prove. */
export class ThresholdError extends ZkcmpError {
  constructor(right: number, rows: number, threshold: number) {
    super(
      `the model is right on ${right} of the ${rows} rows, the statement asks for ${threshold}`,
      "Cancel the offer: no proof exists for this model and these rows.",
    );
  }
}

/** The model's errors are larger than what the statement says, so there is nothing to prove. */
export class ErrorBoundError extends ZkcmpError {
  constructor() {
    // By how much is left out: it would tell the buyer more than the refusal does.
    super(
      "the model's squared errors on these rows sum up to more than the order's bound",
      "Cancel the offer: no proof exists for this model and these rows.",
    );
  }
}

/** The salt is missing, or M in the core is of another model or salt. */
export class ModelCommitmentError extends ZkcmpError {
  constructor() {
    super(
      "M in the core is not the commitment to this network with this salt",
      "Use the network and the salt with which it was sealed.",
    );
  }
}

/**
 * Where the core names an M, it must be the commitment to this network with this salt.
 * @throws {ModelCommitmentError}
 */
export function checkModelCommitment(core: Core, network: Network, modelSalt: FieldElement | undefined): void {
  if (core.modelCommitment === 0n) return;
  if (modelSalt === undefined || commitModel(network, modelSalt) !== core.modelCommitment) {
    throw new ModelCommitmentError();
  }
}
