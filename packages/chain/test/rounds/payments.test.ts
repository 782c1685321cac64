import { readFile } from "node:fs/promises";
import { toFieldElement } from "@zkcmp/field/element";
import { dealIdOf } from "@zkcmp/sale/deal";
import type { Hex } from "@zkcmp/sale/hex";
import { type Address, ETHER } from "@zkcmp/sale/order";
import { commitKey } from "@zkcmp/sale/seal";
import { expect } from "chai";
import { ContractFactory, Interface, keccak256 } from "ethers";
import { escrowCalls } from "../../src/escrow-contract.ts";
import { deployEscrow } from "../../src/escrow-deployment.ts";
import { RpcError } from "../../src/json-rpc.ts";
import { acceptDisclosure } from "../../src/rounds/accept.ts";
import { claimReward } from "../../src/rounds/claim.ts";
import { commitContribution } from "../../src/rounds/commit-samples.ts";
import { forwardReward } from "../../src/rounds/forward.ts";
import { fundRound } from "../../src/rounds/fund.ts";
import { relayConsent, signConsent } from "../../src/rounds/register.ts";
import { RoundError } from "../../src/rounds/round-error.ts";
import { roundHistory } from "../../src/rounds/round-history.ts";
import { roundStatus } from "../../src/rounds/round-status.ts";
import { settleRound } from "../../src/rounds/settle.ts";
import { TokenError } from "../../src/token.ts";
import { sendTransaction } from "../../src/transaction.ts";
import { walletAddress } from "../../src/account.ts";
import { accountAt, DAY, expectRefusal, HOUR } from "../fixture.ts";
import { newParties, open, openRoundWorld, PROVIDER_SAMPLES, register, type RoundWorld } from "./fixture.ts";

describe("money and accounts of a round", function () {
  this.timeout(60_000);
  let chain: RoundWorld;
  let world: RoundWorld;
  let snapshot: unknown;
  before(async () => {
    chain = await openRoundWorld();
  });
  after(async () => {
    await chain.close();
    await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
  });
  beforeEach(async () => {
    snapshot = await chain.node.local.transport("evm_snapshot", []);
    world = await newParties(chain);
  });
  afterEach(async () => {
    chain.node.before = () => {};
    await world.close();
    await chain.node.local.transport("evm_revert", [snapshot]);
  });

  async function deploy(name: string, args: readonly unknown[] = []): Promise<Address> {
    const path = new URL(`../../../../artifacts/contracts/test-doubles/${name}.sol/${name}.json`, import.meta.url);
    const { abi, bytecode } = JSON.parse(await readFile(path, "utf8")) as { abi: string[]; bytecode: string };
    const factory = new ContractFactory(abi, bytecode, accountAt(9).connect(world.connection.provider));
    const contract = await factory.deploy(...args);
    await contract.waitForDeployment();
    return (await contract.getAddress()).toLowerCase() as Address;
  }

  it("is paid in tokens after an approval of exactly the amount, which is used up", async () => {
    const { owner, trustStore, connection, stranger, providers, node } = world;
    const token = await deploy("PermitToken");
    const erc20 = new Interface([
      "function mint(address to, uint256 amount)",
      "function balanceOf(address) view returns (uint256)",
      "function allowance(address, address) view returns (uint256)",
    ]);
    const read = async (name: string, args: unknown[]) =>
      BigInt(await connection.provider.call({ to: token, data: erc20.encodeFunctionData(name, args) }));
    const round = await open(world, { token });
    await register(world, round, [0]);
    const payment = { amount: 1000n, name: "first" };
    await expectRefusal(fundRound(owner, round, payment, trustStore), TokenError, /has 0 units/);
    const data = erc20.encodeFunctionData("mint", [owner.wallet.address, 5000n]) as Hex;
    await sendTransaction(connection, stranger.wallet, { to: token, data, value: 0n });
    expect((await fundRound(owner, round, payment, trustStore)).pool).to.equal(1000n);
    expect(await read("allowance", [owner.wallet.address, round.rewards])).to.equal(0n);
    expect((await fundRound(owner, round, payment, trustStore)).sent).to.equal(false);
    expect(await read("balanceOf", [owner.wallet.address])).to.equal(4000n);
    await node.advanceTime(HOUR + DAY + 1);
    await settleRound(stranger, round, trustStore);
    expect((await claimReward(providers[0], round, {}, trustStore)).amount).to.equal(1000n);
    expect(await read("balanceOf", [providers[0].wallet.address])).to.equal(1000n);
  });

  it("takes what sales have set aside from the escrow, once", async () => {
    const { connection, owner, stranger, trustStore, node } = world;
    const round = await open(world);
    await register(world, round, [0]);
    const escrow = await deployEscrow(connection, accountAt(9));
    expect(await forwardReward(stranger, round, escrow, trustStore)).to.deep.equal({ amount: 0n, transaction: null });
    const [seller, buyer] = [accountAt(7), accountAt(8)];
    const [key, opening] = [toFieldElement(11n), toFieldElement(12n)];
    const block = await node.blockNumber();
    const now = (await connection.provider.getBlock(block))!.timestamp;
    const codeHash = keccak256(await connection.provider.getCode(round.rewards)) as Hex;
    const terms = {
      ...{ buyer: walletAddress(buyer), token: ETHER, price: 1000n, fundableUntil: now + HOUR, timeToRedeem: 2 * HOUR },
      ...{ keyCommitment: commitKey(key, opening), core: toFieldElement(1n), orderHash: `0x${"1".repeat(64)}` as Hex },
      split: { rewards: round.rewards, round: round.roundId, basisPoints: 2500, codeHash },
    };
    const dealId = dealIdOf({ ...terms, chainId: connection.chainId, escrow, seller: walletAddress(seller) });
    const call = { to: escrow, value: 0n };
    await sendTransaction(connection, seller, { ...call, data: escrowCalls.offer(terms) });
    await sendTransaction(connection, buyer, { ...call, data: escrowCalls.fund(dealId), value: 1000n });
    await sendTransaction(connection, seller, { ...call, data: escrowCalls.redeem(dealId, key, opening) });
    const { amount, transaction } = await forwardReward(stranger, round, escrow, trustStore);
    expect(amount).to.equal(250n);
    expect((await roundStatus(connection, round)).stored.pool).to.equal(250n);
    expect(await forwardReward(stranger, round, escrow, trustStore)).to.deep.equal({ amount: 0n, transaction });
    expect(await forwardReward(owner, round, escrow, trustStore)).to.deep.equal({ amount: 0n, transaction: null });
  });

  it("registers and pays a provider that is a contract (ERC-1271), by the signature of its signer alone", async () => {
    const { owner, providers, stranger, trustStore, connection, node } = world;
    const signer = providers[0];
    const payee = await deploy("SigningWallet", [signer.wallet.address]);
    const round = await open(world);
    const samples = PROVIDER_SAMPLES[0]!;
    for (const party of [providers[1], signer]) {
      const { disclosure } = await commitContribution(connection, party.journal, round, payee, samples, trustStore);
      const { message } = await acceptDisclosure(owner, disclosure);
      if (party !== signer) {
        await expectRefusal(signConsent(party, round, message, trustStore), RoundError, /cannot sign for/);
        continue;
      }
      const consent = await signConsent(party, round, message, trustStore);
      expect((await relayConsent(stranger, round, consent, trustStore)).slot).to.equal(0);
    }
    await fundRound(owner, round, { amount: 70n, name: "x" }, trustStore);
    await node.advanceTime(HOUR + DAY + 1);
    await settleRound(stranger, round, trustStore);
    expect((await claimReward(stranger, round, { payee }, trustStore)).amount).to.equal(70n);
    expect(await connection.provider.getBalance(payee)).to.equal(70n);
  });

  it("reads the registry with a node that answers for few blocks only, and takes none that was left out", async () => {
    const { node, connection } = world;
    const round = await open(world);
    await register(world, round, [0]);
    for (let i = 0; i < 250; i++) await node.advanceTime(1);
    await register(world, round, [1]);
    let dropped: string | null = null;
    node.before = (method, params) => {
      if (method !== "eth_getLogs") return;
      const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
      if (toBlock === "latest" || Number(toBlock) - Number(fromBlock) >= 200) {
        throw new RpcError(method, { code: -32005, message: "query exceeds 200 blocks" });
      }
    };
    const { registrations } = await roundHistory(connection, round, round.roundId);
    expect(registrations.map(({ slot }) => slot)).to.deep.equal([0, 1]);
    // A node that leaves out the oldest events.
    dropped = `0x${registrations[1]!.blockNumber.toString(16)}`;
    node.before = (method, params) => {
      if (method === "eth_getLogs") (params[0] as { fromBlock: string }).fromBlock = dropped!;
    };
    await expectRefusal(roundHistory(connection, round, round.roundId), RoundError, /do not belong/);
  });
});
