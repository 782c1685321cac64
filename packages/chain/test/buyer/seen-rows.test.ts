import { createTestSet, type TestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { testSetFor } from "../../../sale/test/fixture.ts";
import { revealTestSet } from "../../src/buyer/reveal.ts";
import { requireUnseenRows, SeenRowsError } from "../../src/buyer/seen-rows.ts";
import { expectRefusal, offer, openWorld, order, type World } from "../fixture.ts";

/** `count` rows of one test set, then rows of another until there are `total`. */
function mixed(seen: TestSet, fresh: TestSet, count: number, total: number): TestSet {
  const pick = <T>(of: (set: TestSet) => ArrayLike<T>): T[] => [
    ...Array.from(of(seen)).slice(0, count),
    ...Array.from(of(fresh)).slice(0, total - count),
  ];
  return createTestSet({ ...seen, rows: pick((set) => set.rows), labels: pick((set) => set.labels) });
}

describe("requireUnseenRows", function () {
  this.timeout(60_000);
  let world: World;
  let fresh: TestSet;
  before(async () => {
    world = await openWorld();
    fresh = testSetFor(world.network, 200, 190, 77);
  });
  after(() => world.close());

  it("counts rows of revealed test sets only", async () => {
    const placed = await order(world);
    await requireUnseenRows(world.buyer.journal, world.testSet, `0x${"1".repeat(64)}`);
    await revealTestSet(world.buyer, placed.hash, await offer(world, placed));
    await requireUnseenRows(world.buyer.journal, world.testSet, placed.hash);
    await expectRefusal(
      requireUnseenRows(world.buyer.journal, world.testSet, `0x${"1".repeat(64)}`),
      SeenRowsError,
      /24 of the 24 test rows were revealed to earlier deals/,
    );
  });

  it("accepts one row in twenty that was seen, and no more", async () => {
    const { journal } = world.buyer;
    const hash = `0x${"1".repeat(64)}` as const;
    await requireUnseenRows(journal, mixed(world.testSet, fresh, 5, 100), hash);
    await expectRefusal(
      requireUnseenRows(journal, mixed(world.testSet, fresh, 6, 100), hash),
      SeenRowsError,
      /6 of the 100/,
    );
  });

  it("keeps D less a row from being ordered or revealed again", async () => {
    const less = mixed(world.testSet, fresh, 23, 23);
    await expectRefusal(order(world, { rows: 23 }, less), SeenRowsError, /23 of the 23/);
    expect(less.rows.length).to.equal(23);
  });
});
