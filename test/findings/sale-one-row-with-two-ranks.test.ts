import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { reduce } from "@zkcmp/field/element";
import { fromHex, type Hex, toHex } from "@zkcmp/sale/hex";
import { rootOfPath } from "@zkcmp/sale/merkle-tree";
import {
  checkSample,
  commitNonce,
  createNonce,
  drawRanks,
  type SampleOpening,
  SamplingError,
} from "@zkcmp/sale/sampling";
import { expect } from "chai";
import { createDeal } from "../../packages/sale/test/fixture.ts";

const SALT: Hex = `0x${"00".repeat(32)}`;
const DEAL_ID = reduce(9n);

function leaf(row: number, rank: number): Uint8Array {
  const encoder = new CanonicalEncoder("zkcmp/sample-leaf/v1").unsigned(row, 4).unsigned(rank, 4);
  return encoder.bytes(fromHex(SALT)).digest();
}

function node(left: Uint8Array, right: Uint8Array): Uint8Array {
  return new CanonicalEncoder("zkcmp/merkle-node/v1").bytes(left).bytes(right).digest();
}

/**
 * The attack: the model is right on a single row, and the seller gives this one row every rank. In an honest tree a row has
 * one leaf. But a path's turns are the bits of the row's number, so that a longer path to the same row starts at another
 * child of the root: in a tree that is deeper on one side the row has a leaf at each depth. Or the row calls itself by a
 * number beyond n, of which the tree sees only the low bits.
 * Refused because every path has the one length that n rows make, and every row lies below n.
 */
describe("finding: one row with two ranks", () => {
  const filler = new Uint8Array(32).fill(7);

  it("is refused where one of its leaves lies deeper than the other", async () => {
    // Row 5 is 101 in binary: right, left, right from the root where paths have 3 nodes; left, right, left, right for 4.
    const right = node(node(filler, leaf(5, 0)), filler);
    const left = node(filler, node(node(filler, leaf(5, 1)), filler));
    const root = node(left, right);
    const paths = [
      [filler, filler, left],
      [filler, filler, filler, right],
    ];
    paths.forEach((path, rank) => expect(rootOfPath(leaf(5, rank), 5, path)).to.deep.equal(root));

    const nonce = createNonce();
    const honest = (await createDeal()).order;
    const order = { ...honest, rows: 8, threshold: 2, sampledRows: 2, nonceCommitment: commitNonce(nonce) };
    const openings = drawRanks(nonce, toHex(root), DEAL_ID, 2, 2).map((rank): SampleOpening => ({
      row: 5,
      rank,
      salt: SALT,
      path: paths[rank]!.map(toHex),
    }));
    const check = (): unknown =>
      checkSample(order, DEAL_ID, { root: toHex(root), rootSignature: "0x", nonce, openings });
    expect(check).to.throw(SamplingError, "is not the drawn leaf of the committed claim");
  });

  it("is refused where the row goes by a number beyond n", async () => {
    // Rows 5, 13 and 21 take the same turns in a tree of 3 levels; here the leaf says 13.
    const root = node(filler, node(node(filler, leaf(13, 0)), filler));
    const path = [filler, filler, filler];
    expect(rootOfPath(leaf(13, 0), 13, path)).to.deep.equal(root);

    const nonce = createNonce();
    const honest = (await createDeal()).order;
    const order = { ...honest, rows: 8, threshold: 1, sampledRows: 1, nonceCommitment: commitNonce(nonce) };
    const opening: SampleOpening = { row: 13, rank: 0, salt: SALT, path: path.map(toHex) };
    const transcript = { root: toHex(root), rootSignature: "0x", nonce, openings: [opening] } as const;
    expect(() => checkSample(order, DEAL_ID, transcript)).to.throw(SamplingError, "is not the drawn leaf");
    // With 16 rows there is a row 13, and a fourth node above it.
    const sixteen = {
      ...transcript,
      root: toHex(node(filler, root)),
      openings: [{ ...opening, path: [...opening.path, toHex(filler)] }],
    };
    expect(checkSample({ ...order, rows: 16 }, DEAL_ID, sixteen)).to.deep.equal([13]);
  });
});
