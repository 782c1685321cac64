import { expect } from "chai";
import { deployEscrow, deterministicEscrowAddress } from "../src/escrow-deployment.ts";
import { accountAt, openWorld, type World } from "./fixture.ts";

describe("deployEscrow", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  it("gives the same address whoever deploys", async () => {
    expect(world.escrow).to.equal(deterministicEscrowAddress());
    expect(await world.connection.provider.getCode(world.escrow)).to.have.length.above(1000);
  });

  it("sends nothing where all is there already", async () => {
    const block = await world.node.blockNumber();
    await deployEscrow(world.connection, accountAt(5));
    expect(await world.node.blockNumber()).to.equal(block);
  });
});
