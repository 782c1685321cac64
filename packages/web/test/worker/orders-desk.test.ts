import { WalletError } from "@zkcmp/chain/account";
import { X25519Keys } from "@zkcmp/chain/x25519-keys";
import { CsvError } from "@zkcmp/network/csv";
import { encodingToJson, identityEncoding } from "@zkcmp/network/encoding";
import { RawDataError } from "@zkcmp/network/raw-data";
import { testSetToJson } from "@zkcmp/network/testset";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import { decodeOrderFile } from "@zkcmp/sale/order-file";
import { RefusedError } from "@zkcmp/sale/refused-error";
import { expect } from "chai";
import {
  DAY,
  expectRefusal,
  newHomes,
  offer,
  openWorld,
  order,
  PRICE,
  type World,
} from "../../../chain/test/fixture.ts";
import { type BinaryFile, type GoalChoice, OrdersDesk, type RowsChoice } from "../../src/worker/orders-desk.ts";
import { DeskSession } from "./desk-session.ts";

const silent = (): void => {};
const bytes = (name: string, text: string): BinaryFile => ({ name, bytes: new TextEncoder().encode(text) });

/** Ten rows of two features, seven of them of the class 0. */
const CSV = bytes(
  "rows.csv",
  `a,b,label\n${Array.from({ length: 10 }, (_, i) => `${i},3,${i < 7 ? 0 : 1}`).join("\n")}\n`,
);

const READ: RowsChoice = { predicate: "accuracy", labelColumn: null, classes: null, inputBits: 4, range: null };
const GOAL: GoalChoice = { predicate: "accuracy", threshold: 9, sampledRows: 0 };

describe("the desk of orders", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  let session: DeskSession;
  let desk: OrdersDesk;
  before(async () => {
    chain = await openWorld();
  });
  beforeEach(async () => {
    world = await newHomes(chain);
    session = new DeskSession(world.connection, world.buyer.journal, world.escrow);
    session.use(world.buyer.wallet);
    desk = new OrdersDesk(session);
  });
  afterEach(() => world.close());
  after(() => chain.close());

  async function place(goal = GOAL): Promise<Hex> {
    await new X25519Keys(world.buyer.journal).create("mine");
    const choice = { goal, price: "0.5", token: null, fundableFor: 7 * DAY, timeToRedeem: DAY, keyName: "mine" };
    return desk.place(choice, silent);
  }

  it("reads rows and says what they are", async () => {
    const view = await desk.readRows([CSV], null, READ);
    expect(view).to.deep.equal({
      ...{ predicate: "accuracy", rows: 10, features: 2, classes: 2, inputBits: 4, largestClassShare: 0.7 },
      ...{ digitsPerUnit: 1, clipped: 0, hasEncoding: false },
    });
    expect((await desk.readRows([CSV], null, { ...READ, range: { first: 6, last: 10 } })).largestClassShare).to.equal(
      0.6,
    );
    expect((await desk.readRows([CSV], null, { ...READ, classes: ["0", "1", "2"] })).classes).to.equal(3);
    const set = bytes("set.json", JSON.stringify(testSetToJson(world.testSet)));
    expect((await desk.readRows([set], null, { ...READ, inputBits: null })).rows).to.equal(24);
  });

  it("says what is wrong with a file, and then has no rows", async () => {
    await desk.readRows([CSV], null, READ);
    await expectRefusal(desk.readRows([CSV], null, { ...READ, inputBits: null }), RawDataError, /needs a rule/);
    await expectRefusal(desk.goal(GOAL), RefusedError, /there are no rows yet/);
    await expectRefusal(desk.readRows([bytes("x.csv", "a,label\n1")], null, READ), CsvError, /x.csv/);
  });

  it("keeps the rows that were asked for last, though others are read more slowly", async () => {
    const slow = desk.readRows([CSV], null, READ);
    const fast = desk.readRows([CSV], null, { ...READ, range: { first: 1, last: 9 } });
    await Promise.all([fast, slow]);
    expect((await desk.goal(GOAL)).lines.join(" ")).to.match(/9 of 9 rows/);
  });

  it("says before anything is signed what a proof would state, and what a network that learnt nothing would reach", async () => {
    await desk.readRows([CSV], null, READ);
    const { lines, baseline } = await desk.goal(GOAL);
    expect(lines[0]).to.match(/at least 9 of 10 rows right: 90.00 %/);
    expect(baseline[0]).to.match(/70.00 %\.$/);
    expect((await desk.goal({ ...GOAL, threshold: 7 })).baseline[0]).to.match(/would pass!/);
    const drawn = await desk.goal({ ...GOAL, sampledRows: 3 });
    expect(drawn.lines.join(" ")).to.match(/3 are drawn and proven.*probability of at most 1 %/);
  });

  it("signs an order whose file can be written again after a reload, with its encoding", async () => {
    const encoding = bytes("encoding.json", JSON.stringify(encodingToJson(identityEncoding(2, 4))));
    await desk.readRows([CSV], encoding, { ...READ, inputBits: null });
    const hash = await place();
    const again = new OrdersDesk(session);
    const file = await again.orderFile(hash);
    const { signedOrder, encoding: published } = decodeOrderFile(file.text, file.name);
    expect(published).to.deep.equal(identityEncoding(2, 4));
    const { order: placed } = signedOrder;
    expect(placed).to.include({ price: PRICE / 2n, rows: 10, threshold: 9, sampledRows: 0, timeToRedeem: DAY });
    expect(await again.order(hash)).to.deep.include({ order: placed, isOpen: true, revealedTo: null, answers: [] });
    await expectRefusal(desk.goal(GOAL), RefusedError, /no rows yet/);
  });

  it("signs an order for squared errors, whose bound follows from the RMSE", async () => {
    await desk.readRows([CSV], null, { ...READ, predicate: "squared-error" });
    const hash = await place({ predicate: "squared-error", rmse: 0.5 });
    const { order: placed } = (await desk.order(hash))!;
    // 10 rows times a quarter, rounded down.
    expect(placed).to.include({ predicate: "squared-error", errorBound: 2n, threshold: 0 });
  });

  it("signs with the connected account, and not without one", async () => {
    await desk.readRows([CSV], null, READ);
    session.actAs(null);
    await expectRefusal(place(), WalletError, /no account is connected/);
    expect(await world.buyer.journal.purchases()).to.deep.equal([]);
  });

  it("finds the offers that answer an order, and goes to no other deal", async () => {
    const placed = await order(world);
    const dealId = fieldToHex(await offer(world, placed));
    const view = (await desk.order(placed.hash))!;
    expect(view.answers).to.have.length(1);
    expect(view.answers[0]).to.deep.include({ dealId, state: "offered" });
    await desk.expectAnswer(placed.hash, dealId);
    const other = await order(world, { price: 2n * PRICE });
    await expectRefusal(desk.expectAnswer(other.hash, dealId), RefusedError, /answers another order/);
    const nothing: Hex = `0x${"00".repeat(31)}07`;
    await expectRefusal(desk.expectAnswer(other.hash, nothing), RefusedError, /no deal with this id/);
    expect(await desk.order(`0x${"ab".repeat(32)}`)).to.equal(null);
  });

  it("lists and makes X25519 keys", async () => {
    expect(await desk.keys()).to.deep.equal([]);
    const made = await desk.makeKey("first");
    expect(await desk.keys()).to.deep.equal([made]);
    expect(made).not.to.have.property("privateKey");
  });
});
