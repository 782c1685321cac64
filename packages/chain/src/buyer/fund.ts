import { ZkcmpError } from "@zkcmp/field/error";
import { testSetFromJson } from "@zkcmp/network/testset";
import { type Bundle, decodeBundle, encodeBundle } from "@zkcmp/sale/bundle";
import { coreDigest } from "@zkcmp/sale/core";
import type { Hex } from "@zkcmp/sale/hex";
import { ETHER, orderHash as hashOf } from "@zkcmp/sale/order";
import { commitTestSet } from "@zkcmp/sale/test-set-commitment";
import type { VerificationReport } from "@zkcmp/sale/verification";
import { checkEscrowCode } from "../escrow-check.ts";
import { type DealState, EscrowContract, escrowCalls, type OfferedEvent } from "../escrow-contract.ts";
import { type Journal, type OpenRecord, sha256 } from "../journal.ts";
import { chainTime, type Connection, type Waiting } from "../network-connection.ts";
import { nameOf, type Party, requireChain, sendAs } from "../party.ts";
import type { PurchaseRecord } from "../purchase-record.ts";
import { checkOrderOnChain, checkRootOnChain } from "../signature.ts";
import { type Call, type MinedTransaction, minedTransaction } from "../transaction.ts";
import { walletAddress } from "../account.ts";
import { askWalletNode } from "../wallet-node.ts";
import { readX25519Key } from "../x25519-key-file.ts";
import { findOffer, OfferMismatchError } from "./offer-check.ts";
import { approvePrice, permitPrice, requireTokens } from "./token.ts";

/** The deal must not be paid; says why. Nothing was spent. */
export class FundingError extends ZkcmpError {
  constructor(problem: string, fix = "Do not fund this deal.") {
    super(problem, fix);
  }
}

export interface FundOptions extends Waiting {
  /** Signs an ERC-2612 permit in the place of an approval: one transaction less. For tokens that have it. */
  readonly permit?: boolean;
  /** Replaces a transaction that waits for too long by one that pays more. */
  readonly raiseFee?: boolean;
}

/**
 * Compares a bundle with the chain: escrow code, signatures (plain or ERC-1271), state Offered (or
 * funded by this very journal), final, every field of the offer, deal id, seller, E and digest of the core. Call it before
 * `verifyBundle({ ..., signaturesCheckedOnChain: true })`.
 * @throws {OfferMismatchError}, {WrongChainError}, {EscrowCodeError}, {OrderError}, {SamplingError} naming what differs
 */
export async function checkOffer(connection: Connection, journal: Journal, bundle: Bundle): Promise<OfferedEvent> {
  const { core, signedOrder, dealId, seller, sampling, split } = bundle;
  const { order } = signedOrder;
  requireChain(connection, order);
  await checkEscrowCode(connection, order.escrow, journal);
  await checkOrderOnChain(connection, signedOrder);
  if (sampling !== null) {
    const { root, rootSignature: signature } = sampling;
    await checkRootOnChain(connection, order, dealId, seller, { root, signature });
  }
  const offer = await findOffer(connection, order, dealId, await statesFor(connection, journal, bundle));
  const differences: [boolean, string][] = [
    [offer.seller !== seller, "seller"],
    [offer.core !== coreDigest(core), "core"],
    [offer.keyCommitment !== core.keyCommitment, "key commitment"],
    [offer.orderHash !== core.orderHash, "order hash"],
    [split.rewards !== offer.split.rewards || split.round !== offer.split.round, "split"],
    [split.basisPoints !== offer.split.basisPoints || split.codeHash !== offer.split.codeHash, "split"],
  ];
  for (const [differs, what] of differences) {
    if (differs) {
      throw new OfferMismatchError(`the bundle's ${what} is not the one that was offered`, "Do not fund this deal.");
    }
  }
  return offer;
}

/** Who has paid for the deal may check it once more, also to go on after a crash. */
async function statesFor(connection: Connection, journal: Journal, bundle: Bundle): Promise<readonly DealState[]> {
  const purchase = await journal.findPurchase(hashOf(bundle.signedOrder.order));
  const isOurs = purchase?.revealed?.dealId === bundle.dealId;
  const paid = isOurs && (await minedTransaction(connection, purchase.fund)) !== null;
  return paid ? ["funded", "redeemed", "refunded"] : ["offered"];
}

/**
 * Keeps a bundle's text on disk, for {@link fundPurchase} and for unsealing.
 * @returns the hash of its order
 * @throws {FundingError} for another deal than the one that D was revealed to, or another bundle than the one that was paid
 * @throws {BundleError}, {JournalError} if it is no bundle, or of no order of this journal
 */
export async function keepBundle(journal: Journal, text: string): Promise<Hex> {
  const bundle = decodeBundle(text);
  const hash = hashOf(bundle.signedOrder.order);
  await journal.withPurchase(hash, async (purchase) => {
    const { bundle: kept, fund } = purchase.value;
    requireRevealed(purchase.value, bundle);
    const canonical = encodeBundle(bundle);
    if (kept === sha256(canonical)) return;
    if (fund !== undefined) {
      throw new FundingError("another bundle was paid for this order", "Unseal that one; it is in the journal.");
    }
    await purchase.write({ bundle: await journal.keep(canonical) });
  });
  return hash;
}

/**
 * Locks the price. Only with bundle, X25519 key and D on disk, a complete report, D revealed to this very deal, and the
 * offer as {@link checkOffer} wants it. Tokens are approved for exactly the price, or permitted (ERC-2612). Again after
 * a crash: finds the receipt, or sends the same transaction once more; never pays twice.
 * @param verified the bundle and what `verifyBundle` said about it
 * @throws {FundingError}, {OfferMismatchError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function fundPurchase(
  party: Party,
  orderHash: Hex,
  verified: { readonly bundle: Bundle; readonly report: VerificationReport },
  options: FundOptions = {},
): Promise<{ transaction: MinedTransaction; refundableFrom: number }> {
  const { connection, journal } = party;
  return journal.withPurchase(orderHash, async (purchase) => {
    const { order } = purchase.value.signedOrder;
    const { dealId } = verified.bundle;
    requireChain(connection, order);
    const escrow = new EscrowContract(connection.provider, order.escrow);
    let transaction = await minedTransaction(connection, purchase.value.fund);
    if (transaction === null) {
      await requireMaterial(journal, purchase.value, verified);
      await checkOffer(connection, journal, verified.bundle);
      if (walletAddress(party.wallet) !== order.buyer) {
        throw new FundingError(`the deal's buyer is ${order.buyer}`, "Fund with that account.");
      }
      if ((await chainTime(connection)) > order.fundableUntil) {
        throw new FundingError("the time to fund this deal is over", "Make a new order.");
      }
      await askWalletNode(party, (own) => checkEscrowCode(own, order.escrow, journal));
      const call = await payment(party, purchase, options);
      transaction = await sendAs(party, call, {
        ...options,
        what: "the payment",
        record: purchase.value.fund,
        write: (record) => purchase.write({ fund: record }),
      });
    }
    return { transaction, refundableFrom: (await escrow.deal(dealId)).refundableFrom };
  });
}

/** The call that pays exactly the price; for a token, after its approval. */
async function payment(party: Party, purchase: OpenRecord<PurchaseRecord>, options: FundOptions): Promise<Call> {
  const { order } = purchase.value.signedOrder;
  const { dealId } = purchase.value.revealed!;
  const fund = { to: order.escrow, data: escrowCalls.fund(dealId), value: 0n };
  if (order.token === ETHER) return { ...fund, value: order.price };
  await requireTokens(party, order);
  if (options.permit === true) {
    // A permit that is not needed costs nothing; an earlier payment that can never be mined took its own with it.
    const signature = await permitPrice(party, order);
    return { ...fund, data: escrowCalls.fundWithPermit(dealId, order.fundableUntil, signature) };
  }
  // A payment that was written down is sent as it is; what it needs was approved or permitted then.
  if (purchase.value.fund !== undefined) return fund;
  await approvePrice(party, order, purchase, options);
  return fund;
}

async function requireMaterial(
  journal: Journal,
  purchase: PurchaseRecord,
  { bundle, report }: { readonly bundle: Bundle; readonly report: VerificationReport },
): Promise<void> {
  const { order } = purchase.signedOrder;
  requireRevealed(purchase, bundle);
  if (report.unchecked.length > 0) {
    throw new FundingError(`the bundle was not checked completely: ${report.unchecked.join("; ")}`);
  }
  if (report.checked.length === 0) {
    throw new FundingError("the bundle was not checked", "Verify it first (`zkcmp verify`).");
  }
  if (purchase.bundle === undefined || purchase.bundle !== sha256(encodeBundle(bundle))) {
    throw new FundingError("the bundle that was verified is not the one in the journal", "Verify and keep it again.");
  }
  await journal.kept(purchase.bundle, "the bundle");
  const testSet = testSetFromJson(JSON.parse(await journal.kept(purchase.testSet.file, "the test set")));
  if (commitTestSet(testSet, purchase.testSet.salt) !== order.testSetCommitment) {
    throw new FundingError("the journal's test set is not the one in the order", "Restore the journal from a backup.");
  }
  const { publicKey } = await readX25519Key(purchase.keyFile);
  if (publicKey !== order.buyerKey) {
    throw new FundingError(
      `${purchase.keyFile} is not the X25519 key of the order`,
      "Put the right key file there first: without it the model that you pay for stays sealed.",
    );
  }
  if (order.sampledRows > 0 && bundle.sampling?.root !== purchase.root?.root) {
    throw new FundingError("the bundle's root is not the one that the nonce was opened for");
  }
}

function requireRevealed(purchase: PurchaseRecord, bundle: Bundle): void {
  const { revealed, signedOrder } = purchase;
  if (revealed === undefined) {
    throw new FundingError(
      `the test set of the ${nameOf(signedOrder.order)} was not revealed to any deal yet`,
      "Reveal it first (`zkcmp order reveal`).",
    );
  }
  if (bundle.dealId !== revealed.dealId || bundle.seller !== revealed.seller) {
    throw new FundingError("the bundle is of another deal than the one that the test set was revealed to");
  }
}
