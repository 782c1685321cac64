import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FieldElement } from "@zkcmp/field/element";
import type { ZkcmpError } from "@zkcmp/field/error";
import type { Network } from "@zkcmp/network/network";
import type { TestSet } from "@zkcmp/network/testset";
import { type Bundle, encodeBundle } from "@zkcmp/sale/bundle";
import { coreDigest } from "@zkcmp/sale/core";
import { dealIdOf, NO_SPLIT } from "@zkcmp/sale/deal";
import { createX25519KeyPair, type X25519KeyPair } from "@zkcmp/sale/buyer-key";
import type { Hex } from "@zkcmp/sale/hex";
import { type Address, ETHER, type Order, orderHash, type SignedOrder, ZERO_DIGEST } from "@zkcmp/sale/order";
import { commitNonce, createNonce } from "@zkcmp/sale/sampling";
import { commitTestSet, createTestSetSalt } from "@zkcmp/sale/test-set-commitment";
import { type VerificationReport, verifyBundle } from "@zkcmp/sale/verification";
import { expect } from "chai";
import { type BaseWallet, HDNodeWallet } from "ethers";
import { believingProofSystem, networkOf, testSetFor } from "../../sale/test/fixture.ts";
import { fundPurchase, keepBundle } from "../src/buyer/fund.ts";
import { placeOrder } from "../src/buyer/order.ts";
import { openNonce, revealTestSet } from "../src/buyer/reveal.ts";
import { escrowCalls, type Terms } from "../src/escrow-contract.ts";
import { deployEscrow } from "../src/escrow-deployment.ts";
import { Journal } from "../src/journal.ts";
import { NodeProvider, type Transport } from "../src/json-rpc.ts";
import { type LocalChain, startLocalChain } from "../src/local-chain.ts";
import type { Connection } from "../src/network-connection.ts";
import type { Party } from "../src/party.ts";
import { offerSale } from "../src/seller/offer.ts";
import { commitSample, keepProof, provingInputs, receiveNonce, receiveTestSet } from "../src/seller/proof.ts";
import { sealSale } from "../src/seller/seal.ts";
import { sendTransaction } from "../src/transaction.ts";
import { walletAddress } from "../src/account.ts";
import { DEVELOPMENT_MNEMONIC } from "../src/development-account.ts";
import { writeX25519Key } from "../src/x25519-key-file.ts";

export const HOUR = 3600;
export const DAY = 24 * HOUR;
export const PRICE = 10n ** 18n;

/** Chain id of a live chain: what finality and wallets are strict about. */
export const LIVE_CHAIN = 11155111;

/** A node over a local chain, whose finality and faults a test decides. */
export class TestNode {
  readonly local: LocalChain;
  /** The number of the `finalized` block; null for the newest one. */
  finalized: number | null = null;
  /** Called before every request; what it throws is the answer. */
  before: (method: string, params: unknown[]) => void = () => {};
  /** Called after every request that was answered. */
  after: (method: string, params: unknown[]) => void = () => {};

  constructor(local: LocalChain) {
    this.local = local;
  }

  readonly transport: Transport = async (method, params) => {
    this.before(method, params);
    const final = this.finalized === null ? "latest" : `0x${this.finalized.toString(16)}`;
    const known = params.map((param) => (param === "finalized" ? final : param));
    const answer = await this.local.transport(method, known);
    this.after(method, params);
    return answer;
  };

  /** Moves the next block's time ahead and mines a block. */
  async advanceTime(seconds: number): Promise<void> {
    await this.local.transport("evm_increaseTime", [seconds]);
    await this.local.transport("evm_mine", []);
  }

  async blockNumber(): Promise<number> {
    return Number(await this.local.transport("eth_blockNumber", []));
  }
}

/** A party whose account can also be used without the life cycle. */
export interface KeyParty extends Party {
  readonly wallet: BaseWallet;
}

/** A chain with an escrow, and a seller and a buyer with a home of their own. */
export interface World<P extends Party = KeyParty> {
  readonly node: TestNode;
  readonly connection: Connection;
  readonly escrow: Address;
  readonly seller: P;
  readonly buyer: P;
  readonly stranger: BaseWallet;
  readonly network: Network;
  readonly testSet: TestSet;
  readonly keyFile: string;
  readonly keys: X25519KeyPair;
  /** Removes all of it. */
  close(): Promise<void>;
}

/** The `index`-th account of the development mnemonic, also on chains where the client refuses it. */
export function accountAt(index: number): BaseWallet {
  return HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, "", `m/44'/60'/0'/0/${index}`);
}

export function connectionTo(node: TestNode, chainId: number): Connection {
  const provider = new NodeProvider(node.transport, chainId);
  return {
    provider,
    relay: provider,
    chainId,
    pollInterval: 5,
    close: async () => {
      provider.destroy();
      await node.local.close();
    },
  };
}

export async function openWorld(chainId = 31337): Promise<World> {
  const node = new TestNode(await startLocalChain(chainId, Math.floor(Date.now() / 1000)));
  const connection = connectionTo(node, chainId);
  const escrow = await deployEscrow(connection, accountAt(9));
  const folder = await temporaryFolder();
  const keys = createX25519KeyPair();
  const keyFile = join(folder, "x25519.json");
  await writeX25519Key(keyFile, keys);
  const network = networkOf();
  return {
    node,
    connection,
    escrow,
    seller: { connection, wallet: accountAt(1), journal: new Journal(join(folder, "seller")) },
    buyer: { connection, wallet: accountAt(2), journal: new Journal(join(folder, "buyer")) },
    stranger: accountAt(3),
    network,
    testSet: testSetFor(network),
    keyFile,
    keys,
    close: async () => {
      await connection.close();
      await rm(folder, { recursive: true });
    },
  };
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "zkcmp-chain-"));
}

/** The same chain and escrow, with new homes: to sell the same rows once more. */
export async function newHomes<P extends Party>(world: World<P>): Promise<World<P>> {
  const folder = await temporaryFolder();
  return {
    ...world,
    seller: { ...world.seller, journal: new Journal(join(folder, "seller")) },
    buyer: { ...world.buyer, journal: new Journal(join(folder, "buyer")) },
    close: () => rm(folder, { recursive: true }),
  };
}

/** What an order hides. */
export interface PlacedOrder {
  readonly signedOrder: SignedOrder;
  readonly order: Order;
  readonly hash: Hex;
  readonly salt: Hex;
}

/** An order in ether for 20 of 24 rows, one day to redeem, signed by the buyer and in the buyer's journal. */
export async function order(
  world: World<Party>,
  changes: Partial<Order> = {},
  testSet = world.testSet,
): Promise<PlacedOrder> {
  const salt = createTestSetSalt();
  const nonce = createNonce();
  const sampledRows = changes.sampledRows ?? 0;
  const order: Order = {
    chainId: world.connection.chainId,
    escrow: world.escrow,
    buyer: world.buyer.wallet.address.toLowerCase() as Address,
    token: ETHER,
    price: PRICE,
    fundableUntil: (await timeOf(world)) + 10 * DAY,
    timeToRedeem: DAY,
    testSetCommitment: commitTestSet(testSet, salt),
    rows: testSet.rows.length,
    features: testSet.rows[0]!.length,
    predicate: "accuracy",
    classes: testSet.classes,
    threshold: 20,
    errorBound: 0n,
    inputBits: testSet.inputBits,
    encodingDigest: ZERO_DIGEST,
    sampledRows,
    nonceCommitment: sampledRows === 0 ? ZERO_DIGEST : commitNonce(nonce),
    buyerKey: world.keys.publicKey,
    salt: createNonce(),
    ...changes,
  };
  const signedOrder = await placeOrder(world.buyer, {
    order,
    testSet,
    testSetSalt: salt,
    keyFile: world.keyFile,
    ...(sampledRows === 0 ? {} : { nonce }),
  });
  return { signedOrder, order, hash: orderHash(order), salt };
}

export async function timeOf(world: World<Party>): Promise<number> {
  const block = (await world.node.local.transport("eth_getBlockByNumber", ["pending", false])) as { timestamp: string };
  return Number(block.timestamp);
}

/** Limits for orders of a few rows. */
export const FEW_ROWS = { minimumRows: 1 };

/** Seals the world's network for an order. */
export async function seal(world: World<Party>, { signedOrder }: PlacedOrder, network = world.network): Promise<void> {
  const proofSystem = believingProofSystem;
  const networkPath = "model.json";
  await sealSale(world.seller.journal, { signedOrder, network, networkPath, proofSystem, limits: FEW_ROWS });
}

export async function offer(world: World<Party>, placed: PlacedOrder): Promise<FieldElement> {
  await seal(world, placed);
  return (await offerSale(world.seller, placed.hash)).dealId;
}

/** An offer that the client would not make: the seal's terms with some changes, straight to the contract. */
export async function offerFalsely(
  world: World<Party>,
  placed: PlacedOrder,
  changes: Partial<Terms>,
): Promise<FieldElement> {
  await seal(world, placed);
  const { core } = await world.seller.journal.sale(placed.hash);
  const { buyer, token, price, fundableUntil, timeToRedeem } = placed.order;
  const terms: Terms = {
    ...{ buyer, token, price, fundableUntil, timeToRedeem },
    ...{ keyCommitment: core.keyCommitment, core: coreDigest(core), orderHash: placed.hash, split: NO_SPLIT },
    ...changes,
  };
  const { connection, wallet } = world.seller;
  await sendTransaction(connection, wallet, { to: world.escrow, data: escrowCalls.offer(terms), value: 0n });
  const { chainId, escrow } = placed.order;
  return dealIdOf({ ...terms, chainId, escrow, seller: walletAddress(wallet) });
}

/** All messages between the offer and the bundle, which the buyer keeps. */
export async function prove(world: World<Party>, { hash, order }: PlacedOrder, dealId: FieldElement): Promise<Bundle> {
  const { seller, buyer } = world;
  const revealed = await revealTestSet(buyer, hash, dealId);
  await receiveTestSet(seller.journal, hash, revealed.testSet, revealed.salt);
  if (order.sampledRows > 0) {
    const root = await commitSample(seller, hash);
    await receiveNonce(seller.journal, hash, await openNonce(buyer, hash, root));
  }
  const { statement, witness } = await provingInputs(seller.journal, hash);
  const bundle = await keepProof(seller.journal, hash, await believingProofSystem.prove(statement, witness));
  await keepBundle(buyer.journal, encodeBundle(bundle));
  return bundle;
}

/** The buyer's complete check of a bundle. */
export async function verify(
  world: World<Party>,
  { hash, salt }: PlacedOrder,
  bundle: Bundle,
): Promise<VerificationReport> {
  const { root } = await world.buyer.journal.purchase(hash);
  return verifyBundle({
    bundle,
    testSet: world.testSet,
    testSetSalt: salt,
    proofSystem: believingProofSystem,
    buyerPrivateKey: world.keys.privateKey,
    ...(root === undefined ? {} : { sampleRoot: root.root }),
    signaturesCheckedOnChain: true,
  });
}

/** A deal up to its bundle. */
export async function offerAndProve(
  world: World<Party>,
  changes: Partial<Order> = {},
): Promise<{ placed: PlacedOrder; dealId: FieldElement; bundle: Bundle; report: VerificationReport }> {
  const placed = await order(world, changes);
  const dealId = await offer(world, placed);
  const bundle = await prove(world, placed, dealId);
  return { placed, dealId, bundle, report: await verify(world, placed, bundle) };
}

/** A deal that is paid. */
export async function fund(
  world: World<Party>,
  changes: Partial<Order> = {},
): Promise<{ placed: PlacedOrder; dealId: FieldElement; bundle: Bundle }> {
  const { placed, dealId, bundle, report } = await offerAndProve(world, changes);
  await fundPurchase(world.buyer, placed.hash, { bundle, report });
  return { placed, dealId, bundle };
}

/** Expects an error of ours of this class with this text, and gives it. */
export async function expectRefusal<E extends ZkcmpError>(
  work: Promise<unknown>,
  errorClass: abstract new (...args: never[]) => E,
  text: RegExp,
): Promise<E> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(errorClass);
  expect((error as E).message).to.match(text);
  return error as E;
}
