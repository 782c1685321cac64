import type { FieldElement } from "@zkcmp/field/element";
import { packDigits } from "@zkcmp/field/packing";
import { poseidonSponge } from "@zkcmp/field/poseidon";
import { type Network, parametersInSealingOrder } from "@zkcmp/network/network";
import { DOMAIN } from "./domains.ts";

/**
 * M = sponge(tag, salt, weights in sealing order, packed as for sealing). A rewards round publishes it for the model that
 * was trained, a sale for the model that is sold. M commits to the parameters alone: other shapes and readings of the
 * output give other models with the same M, so who compares two of them has to compare shapes and readings as well.
 * @param salt uniform in [1, r), kept by the model owner; without it a model with few possible weights could be guessed
 */
export function commitModel(network: Network, salt: FieldElement): FieldElement {
  const { weightBits } = network.shape;
  const offset = 2 ** (weightBits - 1);
  const digits = Array.from(parametersInSealingOrder(network), (parameter) => parameter + offset);
  return poseidonSponge([salt, ...packDigits(digits, weightBits)], DOMAIN.model);
}
