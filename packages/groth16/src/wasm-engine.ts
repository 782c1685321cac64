import { type Curve, buildBn128 } from "ffjavascript";

/**
 * A private instance of ffjavascript's BN254 kernels whose memory the caller fills. Its exported functions take
 * addresses, so that a loop over millions of values copies nothing and makes no objects.
 */
export class WasmEngine {
  readonly curve: Curve;
  readonly exports: Record<string, (...parameters: number[]) => number>;

  static async start(): Promise<WasmEngine> {
    return new WasmEngine(await buildBn128(true));
  }

  private constructor(curve: Curve) {
    this.curve = curve;
    this.exports = curve.tm.instance.exports;
  }

  /**
   * Reserves memory for as long as the engine lives and returns its address. The kernels' own scratch space begins
   * where the reservations end (they read that address from word 0); `SCRATCH_BYTES` of it are always there.
   */
  reserve(bytes: number): number {
    const { memory } = this.curve.tm;
    const free = new Uint32Array(memory.buffer, 0, 1);
    const address = ((free[0] as number) + 7) & -8;
    const end = address + bytes;
    const missing = end + SCRATCH_BYTES - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    new Uint32Array(memory.buffer, 0, 1)[0] = end;
    return address;
  }

  /** The whole memory. Every reserve may replace it: ask again after one. */
  memory(): Uint8Array {
    return new Uint8Array(this.curve.tm.memory.buffer);
  }

  /** Reserves memory and fills it. */
  place(bytes: Uint8Array): number {
    const address = this.reserve(bytes.length);
    this.memory().set(bytes, address);
    return address;
  }
}

/** Enough for a batched conversion of 2^16 points of G2. */
const SCRATCH_BYTES = 1 << 24;
