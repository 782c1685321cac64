import { reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import { keccak256, toUtf8Bytes } from "ethers";
import type { Hex } from "../src/hex.ts";
import {
  type Address,
  checkOrderSignature,
  type Order,
  OrderError,
  orderHash,
  orderSchema,
  orderToJson,
  orderTypedData,
  signedOrderSchema,
  TIME_TO_REDEEM,
  ZERO_DIGEST,
} from "../src/order.ts";
import { addressOf, BUYER, signOrder, STRANGER } from "./fixture.ts";

const address = (digit: string): Address => `0x${digit.repeat(40)}`;
const bytes32 = (byte: string): Hex => `0x${byte.repeat(32)}`;

const ORDER: Order = {
  chainId: 11155111,
  escrow: address("1"),
  buyer: addressOf(BUYER),
  token: address("2"),
  price: 10n ** 30n,
  fundableUntil: 2_000_000_000,
  timeToRedeem: 7200,
  testSetCommitment: reduce(-1n),
  rows: 2000,
  features: 784,
  predicate: "accuracy",
  classes: 10,
  threshold: 1900,
  errorBound: 0n,
  inputBits: 8,
  encodingDigest: bytes32("03"),
  sampledRows: 86,
  nonceCommitment: bytes32("04"),
  buyerKey: bytes32("05"),
  salt: bytes32("06"),
};

const CHANGES: { [K in keyof Order]: Order[K] } = {
  chainId: 1,
  escrow: address("7"),
  buyer: address("7"),
  token: address("7"),
  price: 10n ** 30n + 1n,
  fundableUntil: 2_000_000_001,
  timeToRedeem: 7201,
  testSetCommitment: reduce(0n),
  rows: 2001,
  features: 785,
  predicate: "squared-error",
  classes: 11,
  threshold: 1901,
  errorBound: 1n,
  inputBits: 9,
  encodingDigest: bytes32("07"),
  sampledRows: 87,
  nonceCommitment: bytes32("07"),
  buyerKey: bytes32("07"),
  salt: bytes32("07"),
};

const word = (value: bigint | number | string): string => BigInt(value).toString(16).padStart(64, "0");
const hash = (text: string): string => keccak256(toUtf8Bytes(text)).slice(2);

/** EIP-712 by hand: a struct is its words in a row, a string the hash of its bytes. */
function digestByHand(order: Order): string {
  const domainType = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
  const domain = [hash(domainType), hash("zkcmp"), hash("1"), word(order.chainId), word(order.escrow)];
  const orderType =
    "Order(address buyer,address token,uint256 price,uint64 fundableUntil,uint32 timeToRedeem," +
    "uint256 testSetCommitment,uint32 rows,uint32 features,string predicate,uint32 classes,uint32 threshold,uint64 errorBound,uint8 inputBits," +
    "bytes32 encodingDigest,uint32 sampledRows,bytes32 nonceCommitment,bytes32 buyerKey,bytes32 salt)";
  const inDomain = ["chainId", "escrow"];
  const members = Object.entries(order).flatMap(([name, value]) =>
    inDomain.includes(name) ? [] : [name === "predicate" ? hash(String(value)) : word(value)],
  );
  const separator = keccak256(`0x${domain.join("")}`).slice(2);
  const struct = keccak256(`0x${hash(orderType)}${members.join("")}`).slice(2);
  return keccak256(`0x1901${separator}${struct}`);
}

describe("order", function () {
  this.timeout(60_000);

  it("has the EIP-712 digest, computed by hand", () => {
    expect(orderHash(ORDER)).to.equal(digestByHand(ORDER));
  });

  it("has a digest of every field", () => {
    expect(Object.keys(CHANGES)).to.have.members(Object.keys(ORDER));
    const variants = [ORDER, ...Object.entries(CHANGES).map(([field, value]) => ({ ...ORDER, [field]: value }))];
    expect(new Set(variants.map(orderHash)).size).to.equal(variants.length);
  });

  it("is signed for one chain and one escrow", () => {
    expect(orderTypedData(ORDER).domain).to.deep.equal({
      name: "zkcmp",
      version: "1",
      chainId: 11155111,
      verifyingContract: address("1"),
    });
  });

  it("is the same after a round trip through JSON", () => {
    const read = orderSchema.parse(JSON.parse(JSON.stringify(orderToJson(ORDER))));
    expect(read).to.deep.equal(ORDER);
    expect(orderHash(read)).to.equal(orderHash(ORDER));
  });

  describe("cannot be read", () => {
    const reads = (change: object): boolean =>
      orderSchema.safeParse(JSON.parse(JSON.stringify({ ...orderToJson(ORDER), ...change }))).success;

    for (const field of Object.keys(ORDER)) {
      it(`with a ${field} that is missing or of another type`, () => {
        for (const value of [undefined, null, -1, 1.5, "", "x", "0x", "-1", "1.5", "1e3", [], {}, true, "0xZZ"]) {
          expect(reads({ [field]: value }), JSON.stringify(value)).to.equal(false);
        }
      });
    }

    it("with a field that no order has", () => {
      expect(reads({ extra: 1 })).to.equal(false);
      expect(reads({})).to.equal(true);
    });

    const ranges: [keyof Order, readonly unknown[], readonly unknown[]][] = [
      ["chainId", [1, Number.MAX_SAFE_INTEGER], [0, Number.MAX_SAFE_INTEGER + 1]],
      ["price", ["1", String(2n ** 128n - 1n)], ["0", "01", String(2n ** 128n), "9".repeat(39), "9".repeat(4000)]],
      ["fundableUntil", [1], [0]],
      ["timeToRedeem", [TIME_TO_REDEEM.min, TIME_TO_REDEEM.max], [TIME_TO_REDEEM.min - 1, TIME_TO_REDEEM.max + 1]],
      ["rows", [1900, 2 ** 32 - 1], [0, 1899, 2 ** 32]],
      ["features", [1, 2 ** 32 - 1], [0, 2 ** 32]],
      ["classes", [2, 256], [1, 257]],
      ["threshold", [86, 2000], [0, 85, 2001]],
      ["inputBits", [1, 16], [0, 17]],
      ["sampledRows", [1, 1900], [0, 1901]],
      ["buyer", [address("a")], [address("A"), `0x${"a".repeat(38)}`, `0x${"a".repeat(42)}`]],
      ["salt", [bytes32("ab")], [bytes32("AB"), bytes32("ab") + "00"]],
      ["testSetCommitment", [bytes32("00")], [bytes32("ff"), "0x00"]],
      ["nonceCommitment", [bytes32("ab")], [ZERO_DIGEST]],
    ];
    for (const [field, inside, outside] of ranges) {
      it(`with a ${field} outside its range`, () => {
        for (const value of inside) expect(reads({ [field]: value }), JSON.stringify(value)).to.equal(true);
        for (const value of outside) expect(reads({ [field]: value }), JSON.stringify(value)).to.equal(false);
      });
    }

    it("for squared errors with what belongs to accuracy, and the other way round", () => {
      const regression = {
        predicate: "squared-error",
        classes: 2 ** 12,
        threshold: 0,
        errorBound: "7",
        sampledRows: 0,
        nonceCommitment: ZERO_DIGEST,
      };
      expect(reads(regression)).to.equal(true);
      const most = 2000n * (2n ** 12n - 1n) ** 2n;
      for (const errorBound of ["0", String(most)]) expect(reads({ ...regression, errorBound })).to.equal(true);
      const wrong: [string, unknown][] = [
        ["predicate", "accuracy"],
        ["predicate", "mean"],
        ["classes", 1000],
        ["classes", 2 ** 17],
        ["threshold", 1],
        ["errorBound", String(most + 1n)],
        ["errorBound", String(2n ** 64n)],
        ["errorBound", "07"],
        ["errorBound", 7],
      ];
      for (const [field, value] of wrong) expect(reads({ ...regression, [field]: value }), field).to.equal(false);
      const sampled = { sampledRows: 86, nonceCommitment: bytes32("04"), threshold: 1900 };
      expect(reads({ ...regression, ...sampled })).to.equal(false);
      expect(reads({ errorBound: "1" })).to.equal(false);
      expect(reads({ predicate: "squared-error" })).to.equal(false);
    });

    it("with a nonce commitment where all rows are proven", () => {
      expect(reads({ sampledRows: 0, nonceCommitment: ZERO_DIGEST })).to.equal(true);
      expect(reads({ sampledRows: 0 })).to.equal(false);
    });

    it("signed, with a signature that is no hexadecimal", () => {
      const order = orderToJson(ORDER);
      for (const signature of ["0x", "0x00"])
        expect(signedOrderSchema.safeParse({ order, signature }).success).to.equal(true);
      for (const signature of ["", "0x0", 1, null, undefined]) {
        expect(signedOrderSchema.safeParse({ order, signature }).success).to.equal(false);
      }
    });
  });

  describe("signature", () => {
    it("of the buyer is accepted", async () => {
      checkOrderSignature(await signOrder(ORDER));
    });

    it("of another account is refused", async () => {
      const signed = await signOrder(ORDER, STRANGER);
      expect(() => checkOrderSignature(signed)).to.throw(OrderError, `not that of its buyer ${ORDER.buyer}`);
    });

    it("is refused when any field has changed since", async () => {
      const { signature } = await signOrder(ORDER);
      for (const [field, value] of Object.entries(CHANGES)) {
        const order = { ...ORDER, [field]: value };
        expect(() => checkOrderSignature({ order, signature }), field).to.throw(OrderError);
      }
    });

    it("is refused when damaged, cut or empty", async () => {
      const { signature } = await signOrder(ORDER);
      const damaged = `${signature.slice(0, 20)}${signature[20] === "0" ? "1" : "0"}${signature.slice(21)}` as Hex;
      const zero: Hex = `0x${"00".repeat(65)}`;
      for (const other of [
        damaged,
        signature.slice(0, -2) as Hex,
        signature.slice(0, -4) as Hex,
        "0x" as const,
        zero,
      ]) {
        expect(() => checkOrderSignature({ order: ORDER, signature: other }), other).to.throw(OrderError);
      }
    });
  });
});
