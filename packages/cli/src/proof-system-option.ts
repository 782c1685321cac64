import { Option } from "@commander-js/extra-typings";
import { PROOF_SYSTEM_IDS } from "@zkcmp/sale/core";

/** How a sale is proven: the seller's choice, which stands in the core. */
export const PROOF_SYSTEM_OPTION = new Option(
  "--proof-system <system>",
  "libra: no setup, a thousand rows in seconds; groth16: proofs of 288 bytes, and a key that both parties make",
)
  .choices(PROOF_SYSTEM_IDS)
  .default(PROOF_SYSTEM_IDS[0]);

/** What the buyer insists on; the core says what it is. */
export const REQUIRED_PROOF_SYSTEM_OPTION = new Option(
  "--proof-system <system>",
  "refuse a bundle that is not proven with this one (default: take what the seller chose)",
).choices(PROOF_SYSTEM_IDS);

/** Whose proof is to be foreseen. */
export const FORESEEN_PROOF_SYSTEM_OPTION = new Option(
  "--proof-system <system>",
  "whose proof (default: libra, or groth16 where a circuit file is named)",
).choices(PROOF_SYSTEM_IDS);
