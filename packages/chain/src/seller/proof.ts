import type { TestSet } from "@zkcmp/network/testset";
import type { Bundle } from "@zkcmp/sale/bundle";
import type { Hex } from "@zkcmp/sale/hex";
import type { SaleWitness } from "@zkcmp/sale/proof-system";
import type { SaleStatement } from "@zkcmp/sale/statement";
import type { Party } from "../party.ts";
import type { Journal } from "../journal.ts";

/**
 * Takes the buyer's test set. From here on the order is never sealed again.
 * @throws {ProvingError} before the offer, for another test set than the committed one, or a second one
 */
export async function receiveTestSet(journal: Journal, orderHash: Hex, testSet: TestSet, salt: Hex): Promise<void> {
  throw new Error(`to come ${journal.home} ${orderHash} ${testSet.classes} ${salt}`);
}

/**
 * Claims the rows that the model has right, in a secret random order, and signs the root: once for a deal, so that a
 * second call returns the same root. Needs no chain but the wallet.
 * @throws {SamplingError} if the model is not right on enough rows; the refusal is counted (disclosure.ts)
 */
export async function commitSample(
  party: Pick<Party, "wallet" | "journal">,
  orderHash: Hex,
): Promise<{ root: Hex; signature: Hex }> {
  throw new Error(`to come ${party.journal.home} ${orderHash}`);
}

/** Takes the buyer's nonce. @throws {SamplingError} if it is not the one in the order; {ProvingError} before the root is signed */
export async function receiveNonce(journal: Journal, orderHash: Hex, nonce: Hex): Promise<void> {
  throw new Error(`to come ${journal.home} ${orderHash} ${nonce}`);
}

/** What is to be proven, for `ProofSystem.prove`. @throws {ProvingError} naming the message that is still missing */
export async function provingInputs(
  journal: Journal,
  orderHash: Hex,
): Promise<{ statement: SaleStatement; witness: SaleWitness }> {
  throw new Error(`to come ${journal.home} ${orderHash}`);
}

/** Keeps a proof and makes the bundle of it. The answer is counted before the bundle is returned. Again: the bundle it has. */
export async function keepProof(journal: Journal, orderHash: Hex, proof: Uint8Array): Promise<Bundle> {
  throw new Error(`to come ${journal.home} ${orderHash} ${proof.length}`);
}

/** Writes down that the seller told the buyer "no": one bit about the model. Call it when proving is refused. */
export async function recordRefusal(journal: Journal, orderHash: Hex): Promise<void> {
  throw new Error(`to come ${journal.home} ${orderHash}`);
}
