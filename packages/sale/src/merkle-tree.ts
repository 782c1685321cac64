import { CanonicalEncoder } from "@zkcmp/field/encoding";

/** Fills the tree up to a power of two; it is no leaf's hash, so nothing opens it. */
const EMPTY = new Uint8Array(32);

function node(left: Uint8Array, right: Uint8Array): Uint8Array {
  return new CanonicalEncoder("zkcmp/merkle-node/v1").bytes(left).bytes(right).digest();
}

function* levels(leaves: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let level = [...leaves];
  while (level.length & (level.length - 1)) level.push(EMPTY);
  yield level;
  while (level.length > 1) {
    const below = level;
    level = Array.from({ length: below.length / 2 }, (_, i) => node(below[2 * i]!, below[2 * i + 1]!));
    yield level;
  }
}

/** Root of a binary SHA-256 tree over at least one leaf hash; leaves and nodes have different domains. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let root: Uint8Array = EMPTY;
  for (const level of levels(leaves)) root = level[0]!;
  return root;
}

/** For each of the leaves `indices` the neighbours on its way to the root, lowest first. */
export function merklePaths(leaves: readonly Uint8Array[], indices: readonly number[]): Uint8Array[][] {
  const neighboured = [...levels(leaves)].slice(0, -1);
  return indices.map((index) => neighboured.map((level, height) => level[(index >> height) ^ 1]!));
}

/** The root that a leaf at `index` and its path lead to. */
export function rootOfPath(leaf: Uint8Array, index: number, path: readonly Uint8Array[]): Uint8Array {
  return path.reduce((hash, neighbour, height) => {
    return (index >> height) & 1 ? node(neighbour, hash) : node(hash, neighbour);
  }, leaf);
}
