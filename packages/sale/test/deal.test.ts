import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import { keccak256, toUtf8Bytes } from "ethers";
import { DEAL_DOMAIN, type DealTerms, dealIdOf, NO_SPLIT, shareOf, splitSchema, splitToJson } from "../src/deal.ts";
import type { Address } from "../src/order.ts";

const address = (digit: string): Address => `0x${digit.repeat(40)}`;

const TERMS: DealTerms = {
  chainId: 11155111,
  escrow: address("1"),
  seller: address("2"),
  buyer: address("3"),
  token: address("4"),
  price: 2n ** 128n - 1n,
  fundableUntil: 2 ** 40 + 5,
  timeToRedeem: 7200,
  split: { rewards: address("5"), round: 2n ** 256n - 1n, basisPoints: 9_999, codeHash: `0x${"7".repeat(64)}` },
  keyCommitment: reduce(-1n),
  core: reduce(-2n),
};

/** A 32-byte word of the ABI encoding: everything in the formula is static, so the encoding is its words in a row. */
const word = (value: bigint | number | string): string => BigInt(value).toString(16).padStart(64, "0");

describe("deal id", () => {
  it("is the escrow's formula, written out word by word", () => {
    const { chainId, escrow, seller, buyer, token, price, fundableUntil, timeToRedeem, split, keyCommitment, core } =
      TERMS;
    const { rewards, round, basisPoints, codeHash } = split;
    const splitHash = keccak256(`0x${[rewards, round, basisPoints, codeHash].map(word).join("")}`);
    const words = [
      chainId,
      escrow,
      seller,
      buyer,
      token,
      price,
      fundableUntil,
      timeToRedeem,
      splitHash,
      keyCommitment,
      core,
    ];
    const domain = keccak256(toUtf8Bytes("zkcmp/deal/v1"));
    const digest = keccak256(`${domain}${words.map(word).join("")}`);
    expect(DEAL_DOMAIN).to.equal(domain);
    expect(dealIdOf(TERMS)).to.equal(BigInt(digest) % FIELD_ORDER);
  });

  it("changes with every field", () => {
    const { split } = TERMS;
    const changes: { [K in keyof DealTerms]: DealTerms[K] } = {
      chainId: 1,
      escrow: address("6"),
      seller: address("6"),
      buyer: address("6"),
      token: address("6"),
      price: 1n,
      fundableUntil: 1,
      timeToRedeem: 7201,
      split: NO_SPLIT,
      keyCommitment: reduce(1n),
      core: reduce(1n),
    };
    expect(Object.keys(changes)).to.have.members(Object.keys(TERMS));
    const variants: DealTerms[] = [
      TERMS,
      ...Object.entries(changes).map(([field, value]) => ({ ...TERMS, [field]: value })),
      { ...TERMS, split: { ...split, rewards: address("6") } },
      { ...TERMS, split: { ...split, round: 0n } },
      { ...TERMS, split: { ...split, basisPoints: 9_998 } },
      { ...TERMS, split: { ...split, codeHash: NO_SPLIT.codeHash } },
    ];
    expect(new Set(variants.map(dealIdOf)).size).to.equal(variants.length);
  });

  it("tells seller from buyer and token from escrow", () => {
    const ids = [
      TERMS,
      { ...TERMS, seller: TERMS.buyer, buyer: TERMS.seller },
      { ...TERMS, token: TERMS.escrow, escrow: TERMS.token },
      { ...TERMS, keyCommitment: TERMS.core, core: TERMS.keyCommitment },
    ].map(dealIdOf);
    expect(new Set(ids).size).to.equal(4);
  });
});

describe("split", () => {
  it("is the same after JSON", () => {
    for (const split of [TERMS.split, NO_SPLIT]) {
      expect(splitSchema.parse(JSON.parse(JSON.stringify(splitToJson(split))))).to.deep.equal(split);
    }
  });

  it("gives the round its share, rounded down", () => {
    expect(shareOf(10_000n, 1)).to.equal(1n);
    expect(shareOf(9_999n, 1)).to.equal(0n);
    expect(shareOf(19_999n, 1)).to.equal(1n);
    expect(shareOf(10n ** 18n, 1_250)).to.equal(125n * 10n ** 15n);
    expect(shareOf(2n ** 128n - 1n, 9_999)).to.equal(((2n ** 128n - 1n) * 9_999n) / 10_000n);
    expect(shareOf(10n ** 18n, 0)).to.equal(0n);
  });
});
