import { endCurve } from "@zkcmp/groth16/curve";
import { expect } from "chai";
import { NodeProvider, type Transport } from "../../src/json-rpc.ts";
import { settleRound, sweepRound } from "../../src/rounds/settle.ts";
import type { RoundFile } from "../../src/rounds/round-file.ts";
import { listRounds } from "../../src/rounds/round-list.ts";
import { HOUR } from "../fixture.ts";
import { open, openRoundWorld, register, type RoundWorld } from "./fixture.ts";

describe("listRounds", function () {
  this.timeout(180_000);
  let world: RoundWorld;
  let rounds: RoundFile[];
  before(async () => {
    world = await openRoundWorld();
    const refunded = await open(world, { label: "1" });
    const swept = await open(world, { label: "2" });
    await world.node.advanceTime(2 * HOUR);
    for (const round of [refunded, swept]) await settleRound(world.owner, round, world.trustStore);
    await sweepRound(world.owner, swept, world.trustStore);
    const joined = await open(world, { label: "3" });
    await register(world, joined, [0]);
    rounds = [await open(world, { label: "4" }), joined, swept, refunded];
  });
  after(async () => {
    await world.close();
    await endCurve();
  });

  it("gives every round with its terms and state, the newest first", async () => {
    const list = await listRounds(world.connection, world.rewards, { fromBlock: 0 });
    const shown = list.map(({ roundId, owner, terms, stored }) => [
      roundId,
      owner,
      terms,
      stored.state,
      stored.providers,
    ]);
    const states = [
      ["open", 0],
      ["open", 1],
      ["swept", 0],
      ["refunded", 0],
    ] as const;
    expect(shown).to.deep.equal(rounds.map(({ roundId, owner, terms }, i) => [roundId, owner, terms, ...states[i]!]));
    for (const { contradiction, openedAt, transactionHash } of list) {
      const receipt = await world.connection.provider.getTransactionReceipt(transactionHash);
      const block = await world.connection.provider.getBlock(receipt!.blockNumber);
      expect([contradiction, openedAt]).to.deep.equal([null, block!.timestamp]);
    }
  });

  it("says where an event cannot be true, and leaves out what is none", async () => {
    const transport: Transport = async (method, params) => {
      const answer = await world.node.transport(method, params);
      if (method !== "eth_getLogs") return answer;
      const [first, ...rest] = answer as { topics: string[]; data: string; logIndex: string }[];
      const other = { ...first!, topics: [...first!.topics.slice(0, 2), `0x${"00".repeat(12)}${"03".repeat(20)}`] };
      return [other, { ...first!, logIndex: "0x9", data: "0x12" }, ...rest];
    };
    const provider = new NodeProvider(transport, world.connection.chainId);
    const list = await listRounds({ ...world.connection, provider }, world.rewards, { fromBlock: 0 });
    expect(list.map(({ contradiction }) => contradiction)).to.deep.equal([
      ...[null, null, null],
      "the id is not that of the round's terms",
    ]);
    provider.destroy();
  });
});
