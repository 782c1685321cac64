import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { expect } from "chai";
import { checkEscrowCode, EscrowCodeError, rememberEscrowCreation } from "../src/escrow-check.ts";
import { ESCROW_CODE, POSEIDON_CODE } from "../src/escrow-code.ts";
import { withAddress } from "../src/escrow-deployment.ts";
import { RpcError } from "../src/json-rpc.ts";
import { expectRefusal, LIVE_CHAIN, openWorld, type World } from "./fixture.ts";

/** Creates a contract by a plain transaction. */
async function create(world: World, data: Hex): Promise<{ address: Address; hash: Hex }> {
  const sent = await world.stranger.connect(world.connection.provider).sendTransaction({ data, gasLimit: 10_000_000 });
  const receipt = (await sent.wait())!;
  return { address: receipt.contractAddress!.toLowerCase() as Address, hash: receipt.hash as Hex };
}

function linkedTo(library: Address): Hex {
  return ESCROW_CODE.creationAddresses.reduce(
    (code, span) => withAddress(code, span, library.slice(2)),
    ESCROW_CODE.creation,
  );
}

/** Creation code that first writes 1 into storage slot 0, and then leaves the same runtime code behind. */
function seeded(creation: Hex, runtimeOffset: number): Hex {
  const body = creation.slice(2 + 2 * runtimeOffset);
  const length = body.length / 2;
  // SSTORE(0, 1); CODECOPY(0, 19, length); RETURN(0, length)
  const start = `600160005561${hex2(length)}6013600039${"61"}${hex2(length)}6000f3`;
  return `0x${start}${"00".repeat(19 - start.length / 2)}${body}`;
}

function hex2(value: number): string {
  return value.toString(16).padStart(4, "0");
}

describe("checkEscrowCode", function () {
  this.timeout(60_000);
  for (const chainId of [31337, LIVE_CHAIN]) {
    it(`accepts what deployEscrow has deployed, on chain ${chainId}`, async () => {
      const world = await openWorld(chainId);
      await checkEscrowCode(world.connection, world.escrow, world.buyer.journal);
      await world.close();
    });
  }

  describe("on a live chain", () => {
    let world: World;
    let library: Address;
    const check = (address: Address): Promise<void> => checkEscrowCode(world.connection, address, world.buyer.journal);
    before(async () => {
      world = await openWorld(LIVE_CHAIN);
      library = (await create(world, POSEIDON_CODE.creation)).address;
    });
    after(() => world.close());

    it("refuses an address without a contract", async () => {
      await expectRefusal(check(`0x${"12".repeat(20)}`), EscrowCodeError, /no contract at 0x1212/);
    });

    it("refuses another contract", async () => {
      await expectRefusal(check(library), EscrowCodeError, /not the ModelEscrow/);
    });

    it("refuses an escrow whose code differs in one byte", async () => {
      const altered = linkedTo(library).replace(/64736f6c63/, "64736f6c64") as Hex;
      expect(altered).to.not.equal(linkedTo(library));
      await expectRefusal(check((await create(world, altered)).address), EscrowCodeError, /not the ModelEscrow/);
    });

    it("refuses an escrow with another library", async () => {
      const wrong = (await create(world, linkedTo(world.escrow))).address;
      await expectRefusal(check(wrong), EscrowCodeError, /not PoseidonT3/);
    });

    it("finds the transaction that created an escrow, once, and remembers it", async () => {
      const { address, hash } = await create(world, linkedTo(library));
      for (let i = 0; i < 5; i++) await world.node.advanceTime(1);
      await check(address);
      expect(await world.buyer.journal.escrowCreation(LIVE_CHAIN, address)).to.equal(hash);
      const methods: string[] = [];
      world.node.before = (method) => methods.push(method);
      await check(address);
      world.node.before = () => {};
      expect(methods.filter((method) => method === "eth_getCode")).to.have.lengthOf(2);
    });

    it("takes the creating transaction by name where the node has pruned old states", async () => {
      const { address, hash } = await create(world, linkedTo(library));
      await world.node.advanceTime(1);
      world.node.before = (method, params) => {
        if (method === "eth_getCode" && params[1] !== "latest") {
          throw new RpcError(method, { code: -32000, message: "missing trie node" });
        }
      };
      await expectRefusal(check(address), EscrowCodeError, /cannot be found with this node/);
      await rememberEscrowCreation(world.connection, address, world.buyer.journal, hash);
      await check(address);
      world.node.before = () => {};
      const other = (await create(world, linkedTo(library))).address;
      const named = rememberEscrowCreation(world.connection, other, world.buyer.journal, hash);
      await expectRefusal(named, EscrowCodeError, /did not create/);
    });

    it("refuses an escrow whose creation is not final", async () => {
      const { address } = await create(world, linkedTo(library));
      world.node.finalized = (await world.node.blockNumber()) - 1;
      await expectRefusal(check(address), EscrowCodeError, /not final/);
      world.node.finalized = null;
      await check(address);
    });

    it("refuses the right code left behind by other creation code, which wrote into its storage", async () => {
      const linked = linkedTo(library);
      const offset = linked.slice(2).indexOf("fe6080") / 2 + 1;
      const { address } = await create(world, seeded(linked, offset));
      expect(await world.connection.provider.getStorage(address, 0)).to.match(/01$/);
      await expectRefusal(check(address), EscrowCodeError, /other code than ModelEscrow's/);
    });
  });
});
