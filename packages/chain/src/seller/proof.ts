import { ZkcmpError } from "@zkcmp/field/error";
import { isRight, outputs } from "@zkcmp/network/inference";
import { networkFromJson, type Network } from "@zkcmp/network/network";
import { type TestSet, testSetFromJson, testSetToJson } from "@zkcmp/network/testset";
import { type Bundle, decodeBundle, encodeBundle } from "@zkcmp/sale/bundle";
import { NO_SPLIT } from "@zkcmp/sale/deal";
import { fromHex, type Hex, toHex } from "@zkcmp/sale/hex";
import type { Progress, ProofSystem, SaleWitness } from "@zkcmp/sale/proof-system";
import {
  checkNonce,
  claimRows,
  openSample,
  rootTypedData,
  SamplingError,
  type SampleTranscript,
} from "@zkcmp/sale/sampling";
import { type SaleStatement, saleStatement } from "@zkcmp/sale/statement";
import { checkTestSet } from "@zkcmp/sale/test-set-commitment";
import { ErrorBoundError, ThresholdError } from "@zkcmp/sale/witness-check";
import { countAnswer } from "../disclosure.ts";
import type { Journal } from "../journal.ts";
import { nameOf, type Party } from "../party.ts";
import type { OfferRecord, SaleRecord } from "../sale-record.ts";
import { walletAddress } from "../account.ts";

/** A message of the sale is missing, comes too early, or is a second one. */
export class ProvingError extends ZkcmpError {}

/**
 * Takes the buyer's test set. From here on the order is never sealed again.
 * @throws {ProvingError} before the offer, for another test set than the committed one, or one that does not fit the order
 */
export async function receiveTestSet(journal: Journal, orderHash: Hex, testSet: TestSet, salt: Hex): Promise<void> {
  await journal.withSale(orderHash, async (sale) => {
    const { order } = sale.value.signedOrder;
    offerOf(sale.value);
    try {
      checkTestSet(order, testSet, salt);
    } catch (cause) {
      throw new ProvingError(
        `the test set or its salt is not the one of the ${nameOf(order)}`,
        "Ask the buyer for the file that `zkcmp order reveal` wrote.",
        { cause },
      );
    }
    if (sale.value.testSet !== undefined) return;
    const file = await journal.keep(`${JSON.stringify(testSetToJson(testSet))}\n`);
    await sale.write({ testSet: { file, salt } });
  });
}

/**
 * Claims the rows that the model has right, in a secret random order, and signs the root: once for a deal, so that a second
 * call returns the same root. Needs no chain, only the account that offered.
 * @throws {SamplingError} if the model is not right on enough rows; the refusal is counted (disclosure.ts)
 * @throws {ProvingError} before the test set has come, or for another account
 */
export async function commitSample(
  { wallet, journal }: Pick<Party, "wallet" | "journal">,
  orderHash: Hex,
): Promise<{ root: Hex; signature: Hex }> {
  return journal.withSale(orderHash, async (sale) => {
    const { order } = sale.value.signedOrder;
    const { dealId, seller } = offerOf(sale.value);
    if (order.sampledRows === 0) {
      throw new ProvingError(`the ${nameOf(order)} asks for all rows`, "Prove it without a sample.");
    }
    if (walletAddress(wallet) !== seller) {
      throw new ProvingError(`the deal's seller is ${seller}, not ${walletAddress(wallet)}`, "Use that account.");
    }
    if (sale.value.claim === undefined) {
      const network = await networkOf(journal, sale.value);
      const testSet = await testSetOf(journal, sale.value);
      const right = testSet.rows.map((row, i) => isRight(outputs(network, row), testSet.labels[i]!));
      try {
        await sale.write({ claim: claimRows(right, order.threshold) });
      } catch (error) {
        if (error instanceof SamplingError) {
          await countAnswer(journal, sale.value.network.model, order, dealId, "refusal");
        }
        throw error;
      }
    }
    const { root } = sale.value.claim!;
    if (sale.value.rootSignature === undefined) {
      const { domain, types, message } = rootTypedData(order, dealId, root);
      const signature = (await wallet.signTypedData(domain, types, message)) as Hex;
      // The root already says that the model is right on enough rows.
      await countAnswer(journal, sale.value.network.model, order, dealId, "proof");
      await sale.write({ rootSignature: signature });
    }
    return { root, signature: sale.value.rootSignature! };
  });
}

/**
 * Takes the buyer's nonce.
 * @throws {SamplingError} if it is not the one in the order
 * @throws {ProvingError} before the root is signed: who knows the nonce first can choose the claim to it
 */
export async function receiveNonce(journal: Journal, orderHash: Hex, nonce: Hex): Promise<void> {
  await journal.withSale(orderHash, async (sale) => {
    const { order } = sale.value.signedOrder;
    if (sale.value.rootSignature === undefined) {
      throw new ProvingError(
        `the root of the ${nameOf(order)} is not signed yet`,
        "Run `zkcmp sample commit` first and give the buyer its root.",
      );
    }
    checkNonce(order, nonce);
    if (sale.value.nonce === undefined) await sale.write({ nonce });
  });
}

/**
 * What is to be proven, for `ProofSystem.prove`.
 * @throws {ProvingError} naming the message that is still missing
 */
export async function provingInputs(
  journal: Journal,
  orderHash: Hex,
): Promise<{ statement: SaleStatement; witness: SaleWitness }> {
  const sale = await journal.sale(orderHash);
  const { dealId } = offerOf(sale);
  const testSet = await testSetOf(journal, sale);
  const drawn = sampleOf(sale)?.rows;
  return {
    statement: saleStatement(sale.core, dealId, sale.ciphertext, testSet, drawn),
    witness: { network: await networkOf(journal, sale), secrets: sale.secrets, modelSalt: sale.modelSalt },
  };
}

/**
 * Keeps a proof and makes the bundle of it. The answer is counted before the bundle is returned. Again: the bundle it
 * has, whatever the proof.
 * @throws {ProvingError} naming the message that is still missing
 */
export async function keepProof(journal: Journal, orderHash: Hex, proof: Uint8Array): Promise<Bundle> {
  return journal.withSale(orderHash, async (sale) => {
    const { signedOrder, core, ciphertext, bundle: kept, network } = sale.value;
    if (kept !== undefined) return decodeBundle(await journal.kept(kept, "the bundle"));
    const { dealId, seller, split = NO_SPLIT } = offerOf(sale.value);
    const bundle: Bundle = {
      signedOrder,
      core,
      seller,
      split,
      dealId,
      ciphertext,
      proof: toHex(proof),
      sampling: sampleOf(sale.value)?.transcript ?? null,
    };
    await countAnswer(journal, network.model, signedOrder.order, dealId, "proof");
    await sale.write({ proof: bundle.proof, bundle: await journal.keep(encodeBundle(bundle)) });
    return bundle;
  });
}

/**
 * Proves the sale and makes its bundle; again: the bundle of the proof that it has. That no proof exists is counted as a refusal, since
 * the buyer learns it.
 * @param proofSystem asked for only where there is no proof yet
 * @throws {ProvingError} naming the message that is still missing
 * @throws ThresholdError, ErrorBoundError if the model does not reach what the order asks
 */
export async function proveSale(
  journal: Journal,
  orderHash: Hex,
  proofSystem: () => Promise<Pick<ProofSystem, "prove">>,
  progress?: Progress,
): Promise<Bundle> {
  const { proof } = await journal.sale(orderHash);
  if (proof !== undefined) return keepProof(journal, orderHash, fromHex(proof));
  const { statement, witness } = await provingInputs(journal, orderHash);
  const { prove } = await proofSystem();
  let made: Uint8Array;
  try {
    made = await prove(statement, witness, progress);
  } catch (error) {
    if (error instanceof ThresholdError || error instanceof ErrorBoundError) await recordRefusal(journal, orderHash);
    throw error;
  }
  return keepProof(journal, orderHash, made);
}

/** Writes down that the buyer was told "no": one bit about the model. */
export async function recordRefusal(journal: Journal, orderHash: Hex): Promise<void> {
  const sale = await journal.sale(orderHash);
  await countAnswer(journal, sale.network.model, sale.signedOrder.order, offerOf(sale).dealId, "refusal");
}

function offerOf(sale: SaleRecord): OfferRecord {
  if (sale.offer !== undefined && sale.cancelled !== true) return sale.offer;
  throw new ProvingError(
    `the ${nameOf(sale.signedOrder.order)} has no offer that stands`,
    "Offer the seal on chain first (`zkcmp offer`).",
  );
}

async function networkOf(journal: Journal, sale: SaleRecord): Promise<Network> {
  return networkFromJson(JSON.parse(await journal.kept(sale.network.file, "the sealed network")), "The sealed network");
}

async function testSetOf(journal: Journal, sale: SaleRecord): Promise<TestSet> {
  if (sale.testSet === undefined) {
    throw new ProvingError(
      `the buyer's test set for the ${nameOf(sale.signedOrder.order)} is missing`,
      "Wait for the file that the buyer's `zkcmp order reveal` writes, and hand it in.",
    );
  }
  return testSetFromJson(JSON.parse(await journal.kept(sale.testSet.file, "the test set")), "The test set");
}

function sampleOf(sale: SaleRecord): { transcript: SampleTranscript; rows: number[] } | undefined {
  const { claim, rootSignature, nonce, signedOrder } = sale;
  if (signedOrder.order.sampledRows === 0) return undefined;
  if (claim === undefined || rootSignature === undefined || nonce === undefined) {
    throw new ProvingError(
      `the buyer's nonce for the ${nameOf(signedOrder.order)} is missing`,
      "Run `zkcmp sample commit`, give the buyer the root, and hand in the nonce that comes back.",
    );
  }
  const { openings, rows } = openSample(claim, signedOrder.order, offerOf(sale).dealId, nonce);
  return { transcript: { root: claim.root, rootSignature, nonce, openings }, rows };
}
