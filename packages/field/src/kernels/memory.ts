import { KernelMemoryError } from "./kernel-error.ts";
import { ScopeStack } from "./vector-scope.ts";
import { MOST_PAGES } from "./wasm/module.ts";
import { type WasmMemory, WebAssembly } from "./wasm/web-assembly.ts";

const PAGE = 65536;
const INITIAL_PAGES = 256;

/** Addresses are multiples of this, so that views of every width fit. */
const ALIGNMENT = 8;

/**
 * The kernels' memory as a stack: {@link allocate} takes from its top, the end of a {@link scope} gives back what was taken
 * in it. Memory is not cleared. Addresses are unsigned 32-bit numbers.
 */
export class KernelMemory {
  readonly memory: WasmMemory;
  readonly scopes = new ScopeStack();
  #top = ALIGNMENT;

  /** @throws {KernelMemoryError} if the machine does not even reserve the addresses */
  constructor(shared: boolean) {
    try {
      this.memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MOST_PAGES, shared });
    } catch (cause) {
      throw new KernelMemoryError(INITIAL_PAGES * PAGE, { cause });
    }
  }

  /** @throws {KernelMemoryError} if there is no more */
  allocate(bytes: number): number {
    const address = this.#top;
    const top = address + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const missing = Math.ceil((top - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.#grow(missing, top);
    this.#top = top;
    return address;
  }

  scope<T>(body: () => T): T {
    const top = this.#top;
    try {
      return this.scopes.run(body);
    } finally {
      this.#top = top;
    }
  }

  /*
   * Views are valid until the next allocation: memory that grows may get another buffer.
   */

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, length);
  }

  longs(address: number, length: number): BigUint64Array {
    return new BigUint64Array(this.memory.buffer, address, length);
  }

  /** Grows by a quarter at least: each growth costs system calls. */
  #grow(missing: number, top: number): void {
    const pages = this.memory.buffer.byteLength / PAGE;
    const generous = Math.min(Math.max(missing, Math.floor(pages / 4)), MOST_PAGES - pages);
    for (const step of [generous, missing]) {
      if (step < missing) continue;
      try {
        this.memory.grow(step);
        return;
      } catch {
        // Less may still be possible; if not, the error below says so.
      }
    }
    throw new KernelMemoryError(top);
  }
}
