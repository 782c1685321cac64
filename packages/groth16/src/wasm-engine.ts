/** What an engine is made of. It can be posted to other threads. */
export interface Kernels {
  /** A compiled WebAssembly module. */
  readonly module: object;
  /** The generators, affine, in Montgomery form. */
  readonly generators: { readonly G1: Uint8Array; readonly G2: Uint8Array };
}

type Kernel = (...parameters: number[]) => number;

const { Instance, Memory } = (
  globalThis as unknown as {
    WebAssembly: {
      Instance: new (module: object, imports: object) => { readonly exports: Record<string, Kernel> };
      Memory: new (descriptor: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
    };
  }
).WebAssembly;

const PAGE_BYTES = 65536;

/** Enough for a batched conversion of 2^16 points of G2. */
const SCRATCH_BYTES = 1 << 24;

/**
 * An instance of ffjavascript's BN254 kernels whose memory the caller fills. The functions take addresses, so that a
 * loop over millions of values copies nothing and makes no objects. This file must not import ffjavascript, which
 * cannot be loaded in a worker thread.
 */
export class WasmEngine {
  readonly kernels: Kernels;
  readonly #exports: Record<string, Kernel>;
  readonly #memory: InstanceType<typeof Memory>;

  constructor(kernels: Kernels) {
    this.kernels = kernels;
    this.#memory = new Memory({ initial: SCRATCH_BYTES / PAGE_BYTES });
    this.#exports = new Instance(kernels.module, { env: { memory: this.#memory } }).exports;
  }

  /** A function of the module, such as `f1m_mul`. */
  kernel(name: string): Kernel {
    const kernel = this.#exports[name];
    if (kernel === undefined) throw new Error(`the module has no function ${name}`);
    return kernel;
  }

  /**
   * Reserves memory for as long as the engine lives and returns its address. The kernels' own scratch space begins
   * where the reservations end (they read that address from word 0); `SCRATCH_BYTES` of it are always there.
   */
  reserve(bytes: number): number {
    const free = new Uint32Array(this.#memory.buffer, 0, 1);
    const address = Math.ceil((free[0] as number) / 8) * 8;
    const end = address + bytes;
    const missing = end + SCRATCH_BYTES - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    new Uint32Array(this.#memory.buffer, 0, 1)[0] = end;
    return address;
  }

  /** The whole memory. Every reserve may replace it: ask again after one. */
  memory(): Uint8Array {
    return new Uint8Array(this.#memory.buffer);
  }

  /** Reserves memory and fills it. */
  place(bytes: Uint8Array): number {
    const address = this.reserve(bytes.length);
    this.memory().set(bytes, address);
    return address;
  }
}
