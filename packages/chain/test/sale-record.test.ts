import { toFieldElement } from "@zkcmp/field/element";
import { expect } from "chai";
import { type SaleRecord, saleRecordSchema, saleToJson } from "../src/sale-record.ts";
import { redeemSale } from "../src/seller/redeem.ts";
import { fund, openWorld, type World } from "./fixture.ts";

describe("the record of a sale", function () {
  this.timeout(60_000);
  let world: World;
  let sale: SaleRecord;
  before(async () => {
    world = await openWorld();
    const { placed } = await fund(world, { sampledRows: 4 });
    await redeemSale(world.seller, placed.hash);
    sale = await world.seller.journal.sale(placed.hash);
  });
  after(() => world.close());

  it("comes back from its JSON as it was", () => {
    const text = JSON.stringify(saleToJson(sale));
    expect(saleRecordSchema.parse(JSON.parse(text))).to.deep.equal(sale);
    expect(sale.redeem).to.not.equal(undefined);
    expect(sale.claim).to.not.equal(undefined);
  });

  const one = toFieldElement(1n);
  const falsities: [string, (sale: SaleRecord) => SaleRecord, string][] = [
    [
      "a core of another order",
      (sale) => ({ ...sale, core: { ...sale.core, orderHash: `0x${"00".repeat(32)}` } }),
      "core",
    ],
    ["another ciphertext", (sale) => ({ ...sale, ciphertext: [one, ...sale.ciphertext.slice(1)] }), "ciphertext"],
    ["a key that does not open E", (sale) => ({ ...sale, secrets: { ...sale.secrets, key: one } }), "secrets"],
    ["another opening", (sale) => ({ ...sale, secrets: { ...sale.secrets, opening: one } }), "secrets"],
    ["a secret that does not open S", (sale) => ({ ...sale, secrets: { ...sale.secrets, secret: one } }), "secrets"],
    ["a salt where the core names no M", (sale) => ({ ...sale, modelSalt: one }), "modelSalt"],
    ["an M without its salt", (sale) => ({ ...sale, core: { ...sale.core, modelCommitment: one } }), "modelSalt"],
    [
      "a key that an earlier seal had",
      (sale) => ({
        ...sale,
        formerSeals: [{ keyCommitment: one, ciphertextDigest: one, secrets: sale.secrets }],
      }),
      "secrets",
    ],
  ];
  for (const [what, change, where] of falsities) {
    it(`is refused with ${what}`, () => {
      const parsed = saleRecordSchema.safeParse(saleToJson(change(sale)));
      expect(parsed.error?.issues[0]?.path).to.deep.equal([where]);
    });
  }
});
