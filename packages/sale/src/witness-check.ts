import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Network } from "@zkcmp/network/network";
import { shapeId } from "@zkcmp/network/shape";
import type { Core } from "./core.ts";
import { commitModel } from "./model-commitment.ts";
import type { SaleWitness } from "./proof-system.ts";
import { commitBinding, commitKey, UnsealError } from "./seal.ts";

/** The model does not reach what the statement says, so there is nothing to prove. */
export class ThresholdError extends ZkcmpError {
  constructor(rows: number, threshold: number) {
    // How many it has right is left out: sellers who pass the message on would say more than that they cannot prove.
    super(
      `the model is right on fewer than ${threshold} of the ${rows} rows`,
      "Cancel the offer: no proof exists for this model and these rows.",
    );
  }
}

/** The model's errors are larger than what the statement says, so there is nothing to prove. */
export class ErrorBoundError extends ZkcmpError {
  constructor() {
    // By how much is left out, as in ThresholdError.
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

/** A network that is not of the core's shape. */
export class NetworkMismatchError extends ZkcmpError {
  constructor(problem: string) {
    super(problem, "Use the network that was sealed.");
  }
}

/**
 * What a prover checks before anything else: the network has the core's shape, and the keys are those behind E and S. Whether its
 * parameters are the sealed ones shows in the proof.
 * @throws {NetworkMismatchError}
 * @throws UnsealError if k and d do not open E, or s does not open S
 */
export function checkWitness({ shape, keyCommitment, bindingCommitment }: Core, witness: SaleWitness): void {
  const { network, secrets } = witness;
  if (shapeId(network.shape) !== shapeId(shape)) {
    throw new NetworkMismatchError("the network has another shape than the one in the core");
  }
  const isComplete =
    network.layers.length === shape.layers.length &&
    shape.layers.every(({ inputs, outputs }, i) => {
      const { weights, biases } = network.layers[i]!;
      return weights.length === inputs * outputs && biases.length === outputs;
    });
  if (!isComplete) throw new NetworkMismatchError("the network has another number of parameters than its shape says");
  const fix = "Use the keys that the network was sealed with.";
  if (commitKey(secrets.key, secrets.opening) !== keyCommitment) {
    throw new UnsealError("the key and its opening do not open E in the core", fix);
  }
  if (commitBinding(secrets.secret) !== bindingCommitment) {
    throw new UnsealError("the secret of the seal does not open S in the core", fix);
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
