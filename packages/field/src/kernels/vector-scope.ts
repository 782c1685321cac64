import { KernelArgumentError } from "./kernel-error.ts";

/** A stretch of the program at whose end the vectors made in it die. */
export interface VectorScope {
  /** The kernels whose scope it is. */
  readonly owner: ScopeStack;
  readonly hasEnded: boolean;
}

/** Every vector knows its scope: by its place in memory a dead one could not be told from its successor there. */
export interface ScopedVector {
  readonly scope: VectorScope;
}

/** The scopes of one set of kernels. */
export class ScopeStack {
  #current: VectorScope = { owner: this, hasEnded: false };

  /** What a new vector belongs to. */
  get current(): VectorScope {
    return this.#current;
  }

  run<T>(body: () => T): T {
    const outer = this.#current;
    const inner = { owner: this, hasEnded: false };
    this.#current = inner;
    try {
      return body();
    } finally {
      inner.hasEnded = true;
      this.#current = outer;
    }
  }

  /** @throws {KernelArgumentError} if the vector's scope has ended, or if other kernels made it */
  requireAlive({ scope }: Partial<ScopedVector>): void {
    if (scope?.owner !== this) throw new KernelArgumentError("a vector of other kernels was used");
    if (scope.hasEnded) throw new KernelArgumentError("a vector was used after its scope");
  }
}
