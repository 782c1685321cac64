/** The integers of a SmallVector in memory. */
export const SMALL_TYPES = ["u8", "s8", "u16", "s16", "s32"] as const;

export type SmallType = (typeof SMALL_TYPES)[number];

export function bytesOf(type: SmallType): number {
  return Number(type.slice(1)) / 8;
}

/** The type in which JavaScript's array holds its integers. */
export function typeOfArray(values: Uint8Array | Uint16Array | Int8Array | Int16Array | Int32Array): SmallType {
  if (values instanceof Uint8Array) return "u8";
  if (values instanceof Int8Array) return "s8";
  if (values instanceof Uint16Array) return "u16";
  if (values instanceof Int16Array) return "s16";
  return "s32";
}
