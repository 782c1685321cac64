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

/** The neighbours on the way from leaf `index` to the root, lowest first. */
export function merklePath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  for (const level of levels(leaves)) {
    if (level.length > 1) path.push(level[(index >> path.length) ^ 1]!);
  }
  return path;
}

/** The root that a leaf at `index` and its path lead to. */
export function rootOfPath(leaf: Uint8Array, index: number, path: readonly Uint8Array[]): Uint8Array {
  return path.reduce((hash, neighbour, height) => {
    return (index >> height) & 1 ? node(neighbour, hash) : node(hash, neighbour);
  }, leaf);
}
