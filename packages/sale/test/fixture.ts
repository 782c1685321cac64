import { sha256 } from "@noble/hashes/sha2.js";
import { type FieldElement, toFieldElement } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { ZkcmpError } from "@zkcmp/field/error";
import { isRight, outputs, predict } from "@zkcmp/network/inference";
import { createNetwork, type Network } from "@zkcmp/network/network";
import type { OutputReading } from "@zkcmp/network/output-reading";
import { squaredError } from "@zkcmp/network/regression-score";
import { inputCount, type NetworkShape, outputCount } from "@zkcmp/network/shape";
import { createTestSet, type TestSet } from "@zkcmp/network/testset";
import { id, Wallet } from "ethers";
import type { Bundle } from "../src/bundle.ts";
import { createX25519KeyPair, type X25519KeyPair } from "../src/buyer-key.ts";
import { type Core, coreDigest } from "../src/core.ts";
import { dealIdOf, NO_SPLIT, type Split } from "../src/deal.ts";
import { type Hex, toHex } from "../src/hex.ts";
import {
  type Address,
  ETHER,
  type Order,
  orderHash,
  orderTypedData,
  type SignedOrder,
  ZERO_DIGEST,
} from "../src/order.ts";
import { commitModel } from "../src/model-commitment.ts";
import type { ProofSystem } from "../src/proof-system.ts";
import { claimRows, commitNonce, createNonce, openSample, rootTypedData, type SampleClaim } from "../src/sampling.ts";
import { type Seal, type SealSecrets, sealNetwork } from "../src/seal.ts";
import { type SaleStatement, saleStatement } from "../src/statement.ts";
import { commitTestSet, createTestSetSalt } from "../src/test-set-commitment.ts";
import type { VerifierInputs } from "../src/verification.ts";

/** The accounts of every fixture deal. They exist for tests alone and must never hold money. */
export const BUYER = new Wallet(id("zkcmp test buyer"));
export const SELLER = new Wallet(id("zkcmp test seller"));
export const STRANGER = new Wallet(id("zkcmp test stranger"));

export function addressOf(wallet: Wallet): Address {
  return wallet.address.toLowerCase() as Address;
}

export const SHAPE: NetworkShape = {
  inputBits: 4,
  weightBits: 8,
  layers: [
    { inputs: 4, outputs: 6, activation: "relu", shift: 4, biasShift: 3 },
    { inputs: 6, outputs: 3, activation: "none", shift: 0, biasShift: 0 },
  ],
};

/** A copy without one field. */
export function without<T extends object, K extends keyof T>(value: T, field: K): Omit<T, K> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== field)) as Omit<T, K>;
}

/** Integers below 2^32 that look random and are the same in every run: a xorshift generator (Marsaglia, 2003). */
export function pseudoRandom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** A network of the shape with weights that look random. */
export function networkOf(shape: NetworkShape = SHAPE, seed = 1): Network {
  const next = pseudoRandom(seed);
  const weights = (count: number): number[] =>
    Array.from({ length: count }, () => (next() % 2 ** shape.weightBits) - 2 ** (shape.weightBits - 1));
  return createNetwork(
    shape,
    shape.layers.map((layer) => ({ weights: weights(layer.inputs * layer.outputs), biases: weights(layer.outputs) })),
    shape.layers.map((_, i) => 1 / (i + 3)),
  );
}

/** Rows that look random; the network is right on the first `right` of them and wrong on the others. */
export function testSetFor(network: Network, rows = 24, right = 22, seed = 2): TestSet {
  const next = pseudoRandom(seed);
  const { shape } = network;
  const features = Array.from({ length: rows }, () =>
    Array.from({ length: inputCount(shape) }, () => next() % 2 ** shape.inputBits),
  );
  const classes = outputCount(shape);
  const labels = features.map((row, i) => (predict(outputs(network, row)) + (i < right ? 0 : 1)) % classes);
  return createTestSet({ inputBits: shape.inputBits, classes, rows: features, labels });
}

/** One hidden layer and one output, which reads as a target digit of 8 bits. */
export const REGRESSION_SHAPE: NetworkShape = {
  inputBits: 4,
  weightBits: 8,
  layers: [
    { inputs: 4, outputs: 3, activation: "relu", shift: 4, biasShift: 3 },
    { inputs: 3, outputs: 1, activation: "none", shift: 0, biasShift: 4 },
  ],
};

export const READING: OutputReading = { multiplier: 21, offset: 128 };

/** A network with one output and weights that look random. */
export function regressionNetworkOf(shape = REGRESSION_SHAPE, reading = READING, seed = 1): Network {
  const { layers, scales } = networkOf(shape, seed);
  return createNetwork(shape, layers, scales, reading);
}

/** Rows that look random with targets of 8 bits that the network misses by a few digits. */
export function targetSetFor(network: Network, rows = 24, seed = 2): TestSet {
  const next = pseudoRandom(seed);
  const { shape } = network;
  const { multiplier, offset } = network.reading!;
  const features = Array.from({ length: rows }, () =>
    Array.from({ length: inputCount(shape) }, () => next() % 2 ** shape.inputBits),
  );
  const labels = features.map((row) => {
    const near = Number(outputs(network, row)[0]! / BigInt(multiplier)) + offset + (next() % 9) - 4;
    return Math.min(Math.max(near, 0), 255);
  });
  return createTestSet({ inputBits: shape.inputBits, classes: 256, rows: features, labels });
}

/** The smallest error bound that the network keeps on the rows. */
export function leastErrorBound(network: Network, reading: OutputReading, testSet: TestSet): bigint {
  const unit = BigInt(reading.multiplier) ** 2n;
  return (squaredError(network, reading, testSet) + unit - 1n) / unit;
}

/** Which rows the network has right. */
export function rightRows(network: Network, testSet: TestSet): boolean[] {
  return testSet.rows.map((row, i) => isRight(outputs(network, row), testSet.labels[i]!));
}

/** The proof does not belong to the statement. */
export class FakeProofError extends ZkcmpError {}

function statementDigest(statement: SaleStatement): Uint8Array {
  return new CanonicalEncoder("zkcmp/test-proof")
    .field(statement.coreDigest)
    .field(statement.dealId)
    .field(statement.rowsDigest)
    .unsigned(statement.threshold, 4)
    .fields(statement.ciphertext)
    .digest();
}

/**
 * A stand-in for a proof system: it believes every prover, but its proof names the statement. So all of a bundle's checks
 * can be tested apart from the proof, and a proof still belongs to one statement.
 */
export const believingProofSystem: ProofSystem = {
  id: "groth16",
  keyFiles: { "constraint system": toHex(sha256(Uint8Array.of(1))), "proving key": toHex(sha256(Uint8Array.of(2))) },
  prove: (statement) => Promise.resolve(statementDigest(statement)),
  verify: (statement, proof) =>
    toHex(proof) === toHex(statementDigest(statement))
      ? Promise.resolve()
      : Promise.reject(new FakeProofError("the proof is for another statement", "Refuse it.")),
};

/** The same without a setup. */
export const believingLibra: ProofSystem = { ...believingProofSystem, id: "libra", keyFiles: {} };

export async function signOrder(order: Order, wallet = BUYER): Promise<SignedOrder> {
  const { domain, types, message } = orderTypedData(order);
  return { order, signature: (await wallet.signTypedData(domain, types, message)) as Hex };
}

export async function signRoot(order: Order, dealId: FieldElement, root: Hex, wallet = SELLER): Promise<Hex> {
  const { domain, types, message } = rootTypedData(order, dealId, root);
  return (await wallet.signTypedData(domain, types, message)) as Hex;
}

/** The id of the deal that the order, the core and the seller make. */
export function dealIdFor(order: Order, core: Core, seller: Address, split: Split = NO_SPLIT): FieldElement {
  const { chainId, escrow, buyer, token, price, fundableUntil, timeToRedeem } = order;
  const { keyCommitment } = core;
  const terms = { chainId, escrow, seller, buyer, token, price, fundableUntil, timeToRedeem, split, keyCommitment };
  return dealIdOf({ ...terms, core: coreDigest(core) });
}

/** The same statement with another threshold, the core's own. */
export function withThreshold(statement: SaleStatement, threshold: number): SaleStatement {
  const core: Core = { ...statement.core, threshold };
  return { ...statement, core, coreDigest: coreDigest(core), threshold };
}

export interface DealOptions {
  readonly network?: Network;
  readonly testSet?: TestSet;
  /** Fields of the order that differ from an honest one; signature, core and proof are made for the order as it then is. */
  readonly order?: Partial<Order>;
  /** Fields of the core that differ from an honest one; deal id and proof are made for the core as it then is. */
  readonly core?: Partial<Core>;
  readonly ciphertext?: readonly FieldElement[];
  readonly split?: Split;
  /** The salt of M; without it M is 0. */
  readonly modelSalt?: FieldElement | undefined;
  readonly proofSystem?: ProofSystem;
}

/** Everything that buyer and seller know of one deal. */
export interface FixtureDeal {
  readonly network: Network;
  readonly testSet: TestSet;
  readonly testSetSalt: Hex;
  readonly nonce: Hex;
  readonly buyerKeys: X25519KeyPair;
  readonly order: Order;
  readonly seal: Seal;
  readonly secrets: SealSecrets;
  readonly core: Core;
  readonly dealId: FieldElement;
  /** Places of the proven rows in drawing order; undefined where all rows are proven. */
  readonly drawn: readonly number[] | undefined;
  /** null where all rows are proven. */
  readonly claim: SampleClaim | null;
  readonly statement: SaleStatement;
  readonly bundle: Bundle;
  /** What the buyer gives to `verifyBundle`. */
  readonly inputs: VerifierInputs;
}

/** One whole deal, honest but for the options, with fresh keys and salts. `order: { sampledRows: m }` samples. */
export async function createDeal(options: DealOptions = {}): Promise<FixtureDeal> {
  const network = options.network ?? networkOf();
  const testSet = options.testSet ?? testSetFor(network);
  const { proofSystem = believingProofSystem, split = NO_SPLIT, modelSalt } = options;
  const { reading } = network;
  const testSetSalt = createTestSetSalt();
  const nonce = createNonce();
  const buyerKeys = createX25519KeyPair();
  const sampledRows = options.order?.sampledRows ?? 0;
  const order: Order = {
    chainId: 31337,
    escrow: "0x5fbdb2315678afecb367f032d93f642f64180aa3",
    buyer: addressOf(BUYER),
    token: ETHER,
    price: 10n ** 18n,
    fundableUntil: 2_000_000_000,
    timeToRedeem: 24 * 3600,
    testSetCommitment: commitTestSet(testSet, testSetSalt),
    rows: testSet.rows.length,
    features: testSet.rows[0]!.length,
    predicate: reading === undefined ? "accuracy" : "squared-error",
    classes: testSet.classes,
    threshold: reading === undefined ? Math.min(testSet.rows.length, 20) : 0,
    errorBound: reading === undefined ? 0n : leastErrorBound(network, reading, testSet),
    inputBits: testSet.inputBits,
    encodingDigest: ZERO_DIGEST,
    sampledRows,
    nonceCommitment: sampledRows === 0 ? ZERO_DIGEST : commitNonce(nonce),
    buyerKey: buyerKeys.publicKey,
    salt: createNonce(),
    ...options.order,
  };
  const signedOrder = await signOrder(order);

  const { seal, secrets } = sealNetwork(network, order);
  const ciphertext = options.ciphertext ?? seal.ciphertext;
  const core: Core = {
    orderHash: orderHash(order),
    shape: network.shape,
    scales: network.scales,
    reading: reading ?? null,
    ciphertextDigest: seal.ciphertextDigest,
    keyCommitment: seal.keyCommitment,
    bindingCommitment: seal.bindingCommitment,
    ephemeralKey: seal.ephemeralKey,
    testSetCommitment: order.testSetCommitment,
    rows: order.rows,
    predicate: order.predicate,
    threshold: order.threshold,
    errorBound: order.errorBound,
    sampledRows: order.sampledRows,
    proofSystem: proofSystem.id,
    keyFiles: proofSystem.keyFiles,
    modelCommitment: modelSalt === undefined ? toFieldElement(0n) : commitModel(network, modelSalt),
    ...options.core,
  };
  const seller = addressOf(SELLER);
  const dealId = dealIdFor(order, core, seller, split);

  const claim = sampledRows === 0 ? null : claimRows(rightRows(network, testSet), order.threshold);
  const opened = claim === null ? undefined : openSample(claim, order, dealId, nonce);
  const statement = saleStatement(core, dealId, ciphertext, testSet, opened?.rows);
  const bundle: Bundle = {
    signedOrder,
    core,
    seller,
    split,
    dealId,
    ciphertext,
    proof: toHex(await proofSystem.prove(statement, { network, secrets, modelSalt })),
    sampling:
      claim === null || opened === undefined
        ? null
        : {
            root: claim.root,
            rootSignature: await signRoot(order, dealId, claim.root),
            nonce,
            openings: opened.openings,
          },
  };
  const inputs: VerifierInputs = {
    bundle,
    testSet,
    testSetSalt,
    proofSystem,
    buyerPrivateKey: buyerKeys.privateKey,
    ...(claim === null ? {} : { sampleRoot: claim.root }),
  };
  const secretParts = { network, testSet, testSetSalt, nonce, buyerKeys, secrets, claim };
  return { ...secretParts, order, seal, core, dealId, drawn: opened?.rows, statement, bundle, inputs };
}
