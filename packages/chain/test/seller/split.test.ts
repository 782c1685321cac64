import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { NO_SPLIT } from "@zkcmp/sale/deal";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { findTrustedKey } from "@zkcmp/groth16/trust-store";
import { roundCircuit } from "@zkcmp/shapley/round-circuit";
import { expect } from "chai";
import { ContractFactory, Interface, keccak256 } from "ethers";
import { findOffer } from "../../src/buyer/offer-check.ts";
import { checkOffer, fundPurchase } from "../../src/buyer/fund.ts";
import { isShapleyRewards } from "../../src/buyer/rewards-code.ts";
import { EscrowContract, escrowCalls } from "../../src/escrow-contract.ts";
import { chainTime, WrongChainError } from "../../src/network-connection.ts";
import { sendAs } from "../../src/party.ts";
import { forwardReward } from "../../src/rounds/forward.ts";
import { RewardsContract } from "../../src/rounds/rewards-contract.ts";
import { deployRewards } from "../../src/rounds/rewards-deployment.ts";
import { RewardsCodeError, RoundError } from "../../src/rounds/round-error.ts";
import type { RoundFile } from "../../src/rounds/round-file.ts";
import { settleRound } from "../../src/rounds/settle.ts";
import { OfferError, offerSale } from "../../src/seller/offer.ts";
import { redeemSale } from "../../src/seller/redeem.ts";
import type { SplitRequest } from "../../src/seller/split.ts";
import { purchaseStatus, saleStatus } from "../../src/status.ts";
import {
  accountAt,
  DAY,
  expectRefusal,
  newHomes,
  openWorld,
  order,
  PRICE,
  prove,
  seal,
  temporaryFolder,
  verify,
  type PlacedOrder,
  type World,
} from "../fixture.ts";
import { open, partiesIn, register, type RoundWorld, SHAPE } from "../rounds/fixture.ts";

/** A tenth of the price. */
const BASIS_POINTS = 1_000;
const REWARD = PRICE / 10n;

describe("an offer with a share for a round", function () {
  this.timeout(300_000);
  let chain: World;
  let world: World;
  let rounds: RoundWorld;
  let round: RoundFile;
  let snapshot: unknown;
  before(async () => {
    chain = await openWorld();
    const { node, connection } = chain;
    const folder = await temporaryFolder();
    const trustStore = join(folder, "trusted-keys.json");
    const { zkeyPath, zkeySha256 } = await developmentKey(roundCircuit(SHAPE), trustStore);
    const { verificationKey } = await findTrustedKey(trustStore, zkeySha256.slice(2), { development: true });
    const { rewards } = await deployRewards(connection, accountAt(9), verificationKey, SHAPE);
    rounds = {
      ...{ node, connection, rewards, trustStore, zkeyPath },
      ...partiesIn(connection, folder),
      close: async () => {},
    };
    round = await open(rounds, { claims: 60 * DAY });
    await register(rounds, round, [0, 1]);
  });
  beforeEach(async () => {
    snapshot = await chain.node.local.transport("evm_snapshot", []);
    world = await newHomes(chain);
  });
  afterEach(async () => {
    await chain.node.local.transport("evm_revert", [snapshot]);
    await world.close();
  });
  after(async () => {
    await chain.close();
    // snarkjs leaves workers behind.
    await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
  });

  const request = (changes: Partial<SplitRequest> = {}): SplitRequest => {
    return { round, basisPoints: BASIS_POINTS, trustStore: rounds.trustStore, ...changes };
  };
  const sealed = async (changes: Parameters<typeof order>[1] = {}): Promise<PlacedOrder> => {
    const placed = await order(world, changes);
    await seal(world, placed);
    return placed;
  };
  const refused = async (placed: PlacedOrder, split: SplitRequest, text: RegExp): Promise<void> => {
    const nonce = await world.connection.provider.getTransactionCount(world.seller.wallet.address);
    await expectRefusal(offerSale(world.seller, placed.hash, { split }), RoundError, text);
    expect(await world.connection.provider.getTransactionCount(world.seller.wallet.address)).to.equal(nonce);
    expect((await world.seller.journal.sale(placed.hash)).offer).to.equal(undefined);
  };

  it("stands on chain, in the bundle and in the pool that the providers share", async () => {
    const { provider } = world.connection;
    const placed = await sealed();
    const { dealId, split } = await offerSale(world.seller, placed.hash, { split: request() });
    const expected = {
      rewards: round.rewards,
      round: round.roundId,
      basisPoints: BASIS_POINTS,
      codeHash: keccak256(await provider.getCode(round.rewards)) as Hex,
    };
    expect(split).to.deep.equal(expected);
    const escrow = new EscrowContract(provider, world.escrow);
    const { codeHash, ...stored } = expected;
    const shareUntil = round.terms.claimUntil - 30 * DAY;
    expect(await escrow.splitOf(dealId)).to.deep.equal({ ...stored, shareUntil });
    expect((await escrow.deal(dealId)).basisPoints).to.equal(BASIS_POINTS);
    expect((await findOffer(world.connection, placed.order, dealId)).split).to.deep.equal({ ...stored, codeHash });

    const bundle = await prove(world, placed, dealId);
    expect(bundle.split).to.deep.equal(expected);
    const report = await verify(world, placed, bundle);
    expect((await checkOffer(world.connection, world.buyer.journal, bundle)).split).to.deep.equal(expected);
    expect(await isShapleyRewards(world.connection, bundle.split)).to.equal(true);
    await fundPurchase(world.buyer, placed.hash, { bundle, report });
    expect((await redeemSale(world.seller, placed.hash)).paid).to.equal("paid");
    expect(await escrow.rewardCredit(round.rewards, round.roundId, placed.order.token)).to.equal(REWARD);
    const status = await saleStatus(world.connection, world.seller.journal, placed.hash);
    expect(status.split).to.deep.equal({ ...stored, shareUntil });
    expect(status.rewardCredit).to.equal(REWARD);
    expect(status.next).to.match(/Forward the round's share/);

    const rewards = new RewardsContract(provider, round.rewards);
    const { pool } = await rewards.round(round.roundId);
    const forwarded = await forwardReward(rounds.stranger, round, world.escrow, rounds.trustStore);
    expect(forwarded.amount).to.equal(REWARD);
    expect((await rewards.round(round.roundId)).pool).to.equal(pool + REWARD);
    expect((await saleStatus(world.connection, world.seller.journal, placed.hash)).next).not.to.match(/Forward/);
    const again = await forwardReward(rounds.stranger, round, world.escrow, rounds.trustStore);
    expect(again.amount).to.equal(0n);
  });

  it("goes to the buyer if the key comes too late for the round, which the buyer is told", async () => {
    const placed = await sealed();
    const { dealId } = await offerSale(world.seller, placed.hash, { split: request() });
    const bundle = await prove(world, placed, dealId);
    await fundPurchase(world.buyer, placed.hash, { bundle, report: await verify(world, placed, bundle) });
    const escrow = new EscrowContract(world.connection.provider, world.escrow);
    const { shareUntil } = await escrow.splitOf(dealId);
    await world.node.advanceTime(shareUntil - (await chainTime(world.connection)) + 1);
    const { key, opening } = (await world.seller.journal.sale(placed.hash)).secrets;
    const call = { to: world.escrow, data: escrowCalls.redeem(dealId, key, opening), value: 0n, gasLimit: 350_000n };
    const { hash } = await sendAs(rounds.stranger, call, {
      what: "a late redemption",
      record: undefined,
      write: async () => {},
    });

    const { buyer, seller } = await escrow.deal(dealId);
    expect(await escrow.payoutOf(hash, seller)).to.equal("paid");
    expect(await escrow.payoutOf(hash, buyer)).to.equal("credited");
    expect(await escrow.rewardCredit(round.rewards, round.roundId, placed.order.token)).to.equal(0n);
    expect((await saleStatus(world.connection, world.seller.journal, placed.hash)).next).not.to.match(/Forward/);
    const status = await purchaseStatus(world.connection, world.buyer.journal, placed.hash);
    expect(status.credit).to.equal(REWARD);
    expect(status.next).to.match(/Withdraw your credit/);
  });

  it("is the same after a crash, and refuses to become another", async () => {
    const placed = await sealed();
    world.node.before = (method) => {
      if (method === "eth_sendRawTransaction") throw new RangeError("killed");
    };
    await offerSale(world.seller, placed.hash, { split: request() }).catch(() => undefined);
    world.node.before = () => {};
    const { offer } = await world.seller.journal.sale(placed.hash);
    expect(offer?.split?.basisPoints).to.equal(BASIS_POINTS);
    const other = offerSale(world.seller, placed.hash, { split: request({ basisPoints: BASIS_POINTS + 1 }) });
    await expectRefusal(other, OfferError, /with another share or round/);

    const first = await offerSale(world.seller, placed.hash);
    expect(first.split.basisPoints).to.equal(BASIS_POINTS);
    expect(first.dealId).to.equal(offer!.dealId);
    expect(await offerSale(world.seller, placed.hash, { split: request() })).to.deep.equal(first);
    const late = offerSale(world.seller, placed.hash, { split: request({ basisPoints: 1 }) });
    await expectRefusal(late, OfferError, /with another share or round/);
  });

  it("cannot be added to an offer without one", async () => {
    const placed = await sealed();
    expect((await offerSale(world.seller, placed.hash)).split).to.deep.equal(NO_SPLIT);
    const added = offerSale(world.seller, placed.hash, { split: request() });
    await expectRefusal(added, OfferError, /without a share/);
  });

  it("is refused for shares that the escrow does not take, or that round down to nothing", async () => {
    const placed = await sealed();
    for (const basisPoints of [0, -1, 0.5, 10_000]) await refused(placed, request({ basisPoints }), /cannot go to/);
    await refused(await sealed({ price: 9_999n }), request({ basisPoints: 1 }), /rounds down to nothing/);
  });

  it("is refused for a round that nobody has joined, and for one that is over", async () => {
    const placed = await sealed();
    const empty = await open(rounds, { claims: 60 * DAY, label: "empty" });
    await refused(placed, request({ round: empty }), /no provider yet/);
    await world.node.advanceTime(2 * 3600);
    await settleRound(rounds.stranger, empty, rounds.trustStore);
    await refused(placed, request({ round: empty }), /is refunded/);
  });

  it("is refused for a round that ends too early", async () => {
    const short = await open(rounds, { claims: 30 * DAY, label: "short" });
    await register(rounds, short, [0]);
    await refused(await sealed(), request({ round: short }), /ends too early/);
  });

  it("is refused for a round in another token", async () => {
    const token = await deployToken();
    await refused(await sealed({ token }), request(), /another token/);
  });

  it("is refused for a round of another chain or contract", async () => {
    const placed = await sealed();
    const elsewhere = offerSale(world.seller, placed.hash, { split: request({ round: { ...round, chainId: 5 } }) });
    await expectRefusal(elsewhere, WrongChainError, /the round is/);
    const other = { ...round, rewards: world.escrow };
    const wrong = offerSale(world.seller, placed.hash, { split: request({ round: other }) });
    await expectRefusal(wrong, RewardsCodeError, /not the ShapleyRewards/);
  });

  it("asks a token for the rest alone before the key is shown", async () => {
    const token = await deployToken();
    const inTokens = await open(rounds, { claims: 60 * DAY, label: "tokens", token });
    await register(rounds, inTokens, [0]);
    const placed = await sealed({ token });
    const { dealId } = await offerSale(world.seller, placed.hash, { split: request({ round: inTokens }) });
    const bundle = await prove(world, placed, dealId);
    await fundPurchase(world.buyer, placed.hash, { bundle, report: await verify(world, placed, bundle) });
    const asked: string[] = [];
    world.node.before = (method, params) => {
      const { to, data } = (params[0] ?? {}) as { to?: string; data?: string };
      if (method === "eth_call" && to === token) asked.push(data!);
    };
    await redeemSale(world.seller, placed.hash);
    world.node.before = () => {};
    const transfers = asked.flatMap((data) => {
      const call = TOKEN.parseTransaction({ data });
      return call?.name === "transfer" ? [call.args[1] as bigint] : [];
    });
    expect(transfers).to.deep.equal([PRICE - REWARD]);
    const forwarded = await forwardReward(rounds.stranger, inTokens, world.escrow, rounds.trustStore);
    expect(forwarded.amount).to.equal(REWARD);
  });

  it("shows a buyer whether the rewards contract is one", async () => {
    const { provider } = world.connection;
    const hashOf = async (address: Address): Promise<Hex> => keccak256(await provider.getCode(address)) as Hex;
    const split = {
      rewards: round.rewards,
      round: round.roundId,
      basisPoints: 1,
      codeHash: await hashOf(round.rewards),
    };
    expect(await isShapleyRewards(world.connection, split)).to.equal(true);
    const other = { ...split, rewards: world.escrow, codeHash: await hashOf(world.escrow) };
    expect(await isShapleyRewards(world.connection, other)).to.equal(false);
    expect(await isShapleyRewards(world.connection, { ...split, codeHash: other.codeHash })).to.equal(false);
  });

  const TOKEN = new Interface([
    "function transfer(address to, uint256 amount)",
    "function mint(address to, uint256 amount)",
  ]);

  async function deployToken(): Promise<Address> {
    const path = "../../../../artifacts/contracts/test-doubles/PermitToken.sol/PermitToken.json";
    const { abi, bytecode } = JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
    const signer = world.stranger.connect(world.connection.provider);
    const deployed = await new ContractFactory(abi, bytecode, signer).deploy();
    await deployed.waitForDeployment();
    const address = (await deployed.getAddress()).toLowerCase() as Address;
    const data = TOKEN.encodeFunctionData("mint", [world.buyer.wallet.address, PRICE]);
    await (await signer.sendTransaction({ to: address, data })).wait();
    return address;
  }
});
