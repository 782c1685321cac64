import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { keepBundle, fundPurchase, checkOffer } from "@zkcmp/chain/buyer/fund";
import { placeOrder } from "@zkcmp/chain/buyer/order";
import { revealTestSet, openNonce } from "@zkcmp/chain/buyer/reveal";
import { type EmbeddedChain } from "@zkcmp/chain/embedded-chain";
import { Journal } from "@zkcmp/chain/journal";
import type { Party } from "@zkcmp/chain/party";
import { offerSale } from "@zkcmp/chain/seller/offer";
import { commitSample, keepProof, provingInputs, receiveNonce, receiveTestSet } from "@zkcmp/chain/seller/proof";
import { sealSale } from "@zkcmp/chain/seller/seal";
import type { SplitRequest } from "@zkcmp/chain/seller/split";
import { walletAddress } from "@zkcmp/chain/account";
import { developmentAccount } from "@zkcmp/chain/development-account";
import { writeX25519Key } from "@zkcmp/chain/x25519-key-file";
import type { FieldElement } from "@zkcmp/field/element";
import type { Network } from "@zkcmp/network/network";
import type { TestSet } from "@zkcmp/network/testset";
import { type Bundle, decodeBundle, encodeBundle } from "@zkcmp/sale/bundle";
import { createX25519KeyPair, type X25519KeyPair } from "@zkcmp/sale/buyer-key";
import { type Hex, toHex } from "@zkcmp/sale/hex";
import { ETHER, type Order, orderHash, type SignedOrder, ZERO_DIGEST } from "@zkcmp/sale/order";
import type { Progress, ProofSystem } from "@zkcmp/sale/proof-system";
import { commitNonce, createNonce } from "@zkcmp/sale/sampling";
import { commitTestSet, createTestSetSalt } from "@zkcmp/sale/test-set-commitment";
import { type VerificationReport, verifyBundle } from "@zkcmp/sale/verification";
import { randomBytes } from "node:crypto";

/** A buyer: a party with a key that models are sealed to. */
export interface Buyer extends Party {
  readonly keyPair: X25519KeyPair;
  readonly keyFile: string;
}

/** A party with a folder of its own; seller and buyer share nothing but the chain and what they send each other. */
export async function party(chain: EmbeddedChain, folder: string, account: number): Promise<Party> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return { connection: chain, wallet: developmentAccount(chain, account), journal: new Journal(folder) };
}

export async function buyer(chain: EmbeddedChain, folder: string, account: number): Promise<Buyer> {
  const base = await party(chain, folder, account);
  const keyPair = createX25519KeyPair();
  const keyFile = join(folder, "x25519.json");
  await writeX25519Key(keyFile, keyPair);
  return { ...base, keyPair, keyFile };
}

export interface OrderWish {
  readonly testSet: TestSet;
  /** Rows that must be right; left out in an order for a regression. */
  readonly threshold?: number;
  /** The most that squared errors, in squared target digits, may add up to: asks for a regression. */
  readonly errorBound?: bigint;
  readonly sampledRows?: number;
  readonly price: bigint;
  readonly timeToRedeem: number;
  readonly now: number;
}

/** The buyer commits to a test set and signs what it asks for. */
export async function order(chain: EmbeddedChain, by: Buyer, wish: OrderWish): Promise<SignedOrder> {
  const testSetSalt = createTestSetSalt();
  const sampledRows = wish.sampledRows ?? 0;
  const nonce = sampledRows > 0 ? createNonce() : undefined;
  const wanted: Order = {
    chainId: chain.chainId,
    escrow: chain.escrow,
    buyer: walletAddress(by.wallet),
    token: ETHER,
    price: wish.price,
    fundableUntil: wish.now + 7 * 24 * 3600,
    timeToRedeem: wish.timeToRedeem,
    testSetCommitment: commitTestSet(wish.testSet, testSetSalt),
    rows: wish.testSet.rows.length,
    features: wish.testSet.rows[0]!.length,
    predicate: wish.errorBound === undefined ? "accuracy" : "squared-error",
    classes: wish.testSet.classes,
    threshold: wish.threshold ?? 0,
    errorBound: wish.errorBound ?? 0n,
    inputBits: wish.testSet.inputBits,
    encodingDigest: ZERO_DIGEST,
    sampledRows,
    nonceCommitment: nonce === undefined ? ZERO_DIGEST : commitNonce(nonce),
    buyerKey: by.keyPair.publicKey,
    salt: toHex(randomBytes(32)),
  };
  return placeOrder(by, {
    order: wanted,
    testSet: wish.testSet,
    testSetSalt,
    keyFile: by.keyFile,
    ...(nonce === undefined ? {} : { nonce }),
  });
}

export interface Offered {
  readonly signedOrder: SignedOrder;
  readonly orderHash: Hex;
  readonly dealId: FieldElement;
  readonly gas: bigint;
}

/** What a sale owes to a rewards round. */
export interface RoundTies {
  /** Opens the round's model commitment, which the deal then names. */
  readonly modelSalt: FieldElement;
  /** The round's share of the price. */
  readonly split?: SplitRequest;
}

/** The seller seals its network for the order and offers it; the seal is on chain before the rows are seen. */
export async function sealAndOffer(
  seller: Party,
  signedOrder: SignedOrder,
  network: Network,
  proofSystem: ProofSystem,
  { modelSalt, split }: Partial<RoundTies> = {},
): Promise<Offered> {
  const hash = orderHash(signedOrder.order);
  await sealSale(seller.journal, {
    signedOrder,
    network,
    networkPath: "the demo's network",
    proofSystem,
    limits: { minimumRows: Math.min(100, signedOrder.order.rows) },
    modelSalt,
  });
  const { dealId, transaction } = await offerSale(seller, hash, { split });
  return { signedOrder, orderHash: hash, dealId, gas: transaction.gasUsed };
}

/** The buyer reveals the rows for this deal; where rows are sampled, root and nonce are exchanged. */
export async function reveal(
  seller: Party,
  by: Buyer,
  { orderHash: hash, dealId, signedOrder }: Offered,
): Promise<void> {
  const { testSet, salt } = await revealTestSet(by, hash, dealId);
  await receiveTestSet(seller.journal, hash, testSet, salt);
  if (signedOrder.order.sampledRows > 0) {
    const root = await commitSample(seller, hash);
    await receiveNonce(seller.journal, hash, await openNonce(by, hash, root));
  }
}

/** The seller proves, and hands over a bundle as a file would hold it. */
export async function proveDeal(
  seller: Party,
  hash: Hex,
  proofSystem: ProofSystem,
  progress?: Progress,
): Promise<{ text: string; bundle: Bundle }> {
  const { statement, witness } = await provingInputs(seller.journal, hash);
  const proof = await proofSystem.prove(statement, witness, progress);
  const bundle = await keepProof(seller.journal, hash, proof);
  return { text: encodeBundle(bundle), bundle };
}

/** Everything that the buyer checks before paying: the bundle's text, the chain, the proof. */
export async function verifyDeal(
  chain: EmbeddedChain,
  by: Buyer,
  hash: Hex,
  text: string,
  proofSystem: ProofSystem,
): Promise<{ bundle: Bundle; report: VerificationReport }> {
  const bundle = decodeBundle(text);
  await checkOffer(chain, by.journal, bundle);
  const { dealId } = bundle;
  const { testSet, salt } = await revealTestSet(by, hash, dealId);
  const { root } = await by.journal.purchase(hash);
  const report = await verifyBundle({
    bundle,
    testSet,
    testSetSalt: salt,
    proofSystem,
    buyerPrivateKey: by.keyPair.privateKey,
    ...(root === undefined ? {} : { sampleRoot: root.root }),
  });
  return { bundle, report };
}

/** The buyer keeps the bundle and locks the price. */
export async function fundDeal(
  by: Buyer,
  hash: Hex,
  text: string,
  verified: { readonly bundle: Bundle; readonly report: VerificationReport },
): Promise<{ gas: bigint; refundableFrom: number }> {
  await keepBundle(by.journal, text);
  const { transaction, refundableFrom } = await fundPurchase(by, hash, verified);
  return { gas: transaction.gasUsed, refundableFrom };
}
