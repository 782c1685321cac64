import { createHash } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { merklePaths, merkleRoot, rootOfPath } from "../src/merkle-tree.ts";

const leavesOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => createHash("sha256").update(`leaf ${i}`).digest()).map((hash) =>
    Uint8Array.from(hash),
  );

/** The node's hash written out by hand: every part behind its length in 4 bytes. */
function node(left: Uint8Array, right: Uint8Array): Uint8Array {
  const label = Buffer.from("zkcmp/merkle-node/v1");
  const length = (bytes: number): Buffer => Buffer.from([0, 0, 0, bytes]);
  const parts = [length(label.length), label, length(32), left, length(32), right];
  return Uint8Array.from(createHash("sha256").update(Buffer.concat(parts)).digest());
}

const counts = fc.integer({ min: 1, max: 70 });

describe("Merkle tree", () => {
  it("hashes pairs under its own label, filling up with zeros", () => {
    const [a, b, c] = leavesOf(3) as [Uint8Array, Uint8Array, Uint8Array];
    expect(merkleRoot([a])).to.deep.equal(a);
    expect(merkleRoot([a, b])).to.deep.equal(node(a, b));
    expect(merkleRoot([a, b, c])).to.deep.equal(node(node(a, b), node(c, new Uint8Array(32))));
  });

  it("leads from every leaf to the root, by a path as long as the tree is high", () => {
    fc.assert(
      fc.property(counts, (count) => {
        const leaves = leavesOf(count);
        const root = merkleRoot(leaves);
        const paths = merklePaths(leaves, [...leaves.keys()]);
        leaves.forEach((leaf, i) => {
          expect(paths[i]).to.have.lengthOf(Math.ceil(Math.log2(count)));
          expect(rootOfPath(leaf, i, paths[i]!)).to.deep.equal(root);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("gives paths in the order asked for", () => {
    const leaves = leavesOf(11);
    expect(merklePaths(leaves, [7, 2, 7])).to.deep.equal([7, 2, 7].map((i) => merklePaths(leaves, [i])[0]));
  });

  it("does not lead to the root from another place, another leaf or with another neighbour", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 70 }), fc.nat(), fc.nat(), fc.nat(), (count, i, other, height) => {
        const leaves = leavesOf(count);
        const root = merkleRoot(leaves);
        const place = i % count;
        const path = merklePaths(leaves, [place])[0]!;
        const elsewhere = (place + 1 + (other % (count - 1))) % count;
        expect(rootOfPath(leaves[place]!, elsewhere, path)).to.not.deep.equal(root);
        expect(rootOfPath(leaves[elsewhere]!, place, path)).to.not.deep.equal(root);
        const bent = path.map((hash, at) => (at === height % path.length ? hash.map((byte) => byte ^ 1) : hash));
        expect(rootOfPath(leaves[place]!, place, bent)).to.not.deep.equal(root);
      }),
      { numRuns: 50 },
    );
  });

  it("changes its root with every leaf and with their number", () => {
    const leaves = leavesOf(9);
    const roots = leaves.map((_, i) => merkleRoot(leaves.map((leaf, j) => (i === j ? leaf.map((b) => b ^ 1) : leaf))));
    roots.push(merkleRoot(leaves), merkleRoot(leaves.slice(0, 8)), merkleRoot([...leaves, ...leavesOf(1)]));
    expect(new Set(roots.map((root) => Buffer.from(root).toString("hex"))).size).to.equal(12);
  });
});
