import { ELEMENT_BYTES } from "../limbs.ts";
import type { I32 } from "../wasm/expression.ts";
import type { FunctionEmitter, Variable32 } from "../wasm/function.ts";

/** An address that moves on by a fixed step, from entry `from` of a vector on. */
export class Cursor {
  readonly #address: Variable32;
  readonly #step: I32 | number;

  constructor(f: FunctionEmitter, base: I32, from: I32 | number, step: I32 | number = ELEMENT_BYTES) {
    const start = typeof from === "number" ? base.add(from) : base.add(from.multiply(step));
    this.#address = f.variable(start);
    this.#step = step;
  }

  get at(): I32 {
    return this.#address.value;
  }

  advance(): void {
    this.#address.advance(this.#step);
  }
}

/** Runs the body to - from times and moves the cursors on after each. */
export function forEach(f: FunctionEmitter, from: I32, to: I32, cursors: readonly Cursor[], body: () => void): void {
  f.repeat(to.subtract(from), () => {
    body();
    for (const cursor of cursors) cursor.advance();
  });
}

/** Runs over `count` entries two at a time, and over a last single one: `take` reads one and moves on, `add` gets one or two. */
export function inPairs<Entry>(
  f: FunctionEmitter,
  count: I32,
  take: () => Entry,
  add: (...entries: readonly Entry[]) => void,
): void {
  f.repeat(count.shiftRight(1), () => add(take(), take()));
  f.repeat(count.and(1), () => add(take()));
}
