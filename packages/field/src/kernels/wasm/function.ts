import { type Code, EMPTY_BLOCK, OP, TYPE, type ValueType, sized, unsignedNumber, vector } from "./encoding.ts";
import { I32, I64 } from "./expression.ts";
import { type Interval, contains, product, requireInside, signed, unsigned } from "./interval.ts";

/** What is needed to call a function: its place in the module and what it takes and gives. */
export interface FunctionReference {
  readonly index: number;
  readonly parameters: number;
  readonly result: ValueType | null;
}

const LOADS_64 = {
  s8: [OP.i64Load8S, signed(8)],
  u8: [OP.i64Load8U, unsigned(8)],
  s16: [OP.i64Load16S, signed(16)],
  u16: [OP.i64Load16U, unsigned(16)],
  s32: [OP.i64Load32S, signed(32)],
  u32: [OP.i64Load32U, unsigned(32)],
  s64: [OP.i64Load, signed(64)],
} as const satisfies Record<string, readonly [number, Interval]>;

/** Width and sign of an integer in memory. */
export type MemoryType = keyof typeof LOADS_64;

/**
 * Writes one WebAssembly function: TypeScript runs once, at emission, and leaves instructions. Loops and conditions that
 * TypeScript executes unroll; those of this class stay. All parameters are i32.
 *
 * Expressions ({@link I64}, {@link I32}) are pieces of code that have not been placed yet: one that is used twice is computed
 * twice, and a load happens where its expression is used. {@link keep} computes it here and now into a local.
 */
export class FunctionEmitter {
  readonly #parameters: number;
  readonly #locals: ValueType[] = [];
  readonly #free: Record<ValueType, number[]> = { i32: [], i64: [] };
  #used: [ValueType, number][] = [];
  #body: Code[] = [];

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  parameters(): I32[] {
    return Array.from({ length: this.#parameters }, (_, i) => new I32([OP.localGet, unsignedNumber(i)], true));
  }

  /** Computes the expression into a local, unless reading it again is free anyhow. */
  keep<Value extends I32 | I64>(value: Value): Value;
  keep(value: I32 | I64): I32 | I64 {
    if (value.repeatable) return value;
    const wide = value instanceof I64;
    const local = this.#local(wide ? "i64" : "i32");
    this.#emit([value.code, OP.localSet, local]);
    const code = [OP.localGet, local];
    return wide ? new I64(code, value.range, true) : new I32(code, true);
  }

  /** A local that changes, an address or a count. */
  variable(initial: I32 | number): Variable32 {
    const local = this.#local("i32");
    const variable = new Variable32(local, (code) => this.#emit(code));
    variable.set(typeof initial === "number" ? I32.constant(initial) : initial);
    return variable;
  }

  /**
   * A local that changes and always stays inside the declared range: what is stored is checked against it. That is the
   * loop invariant, by induction. It starts at 0, which the range has to hold.
   */
  bounded(range: Interval): Variable64 {
    requireInside("a declared range", range, signed(64));
    requireInside("zero at the start", { min: 0n, max: 0n }, range);
    const local = this.#local("i64");
    const variable = new Variable64(local, range, (code) => this.#emit(code));
    variable.set(I64.constant(0n));
    return variable;
  }

  /**
   * A long sum: a local that takes at most `most` steps, each inside the range. The steps' sizes are checked here; that there are
   * not more between two resets is the kernel's to ensure, by the largest count that its loop can have.
   */
  sum(step: Interval, most: bigint): Sum64 {
    return new Sum64(this.bounded(product(step, { min: 0n, max: most })), step);
  }

  /** An i64 from memory; `range` is the invariant of what is stored there, for which {@link store} was checked. */
  load(type: MemoryType, address: I32, offset = 0, range: Interval = LOADS_64[type][1]): I64 {
    const [opcode, natural] = LOADS_64[type];
    requireInside("a declared range", range, natural);
    return new I64([address.code, opcode, 0, unsignedNumber(offset)], range);
  }

  /** An i32 from memory: an index or an address. */
  loadIndex(address: I32, offset = 0): I32 {
    return new I32([address.code, OP.i32Load, 0, unsignedNumber(offset)]);
  }

  storeIndex(address: I32, value: I32, offset = 0): void {
    this.#emit([address.code, value.code, OP.i32Store, 0, unsignedNumber(offset)]);
  }

  /**
   * Stores 32 bits.
   * @param range the invariant of this memory, inside signed or unsigned 32 bits
   * @throws {BoundsError} if the value could lie outside
   */
  store32(address: I32, value: I64, offset: number, range: Interval): void {
    requireInside("what 32 bits can hold", range, contains(unsigned(32), range) ? unsigned(32) : signed(32));
    requireInside("a stored number", value.range, range);
    this.#emit([address.code, value.code, OP.i64Store32, 0, unsignedNumber(offset)]);
  }

  store64(address: I32, value: I64, offset = 0): void {
    this.#emit([address.code, value.code, OP.i64Store, 0, unsignedNumber(offset)]);
  }

  /** The body runs while the condition holds; the condition is computed before each round. */
  while(condition: I32, body: () => void): void {
    const round = this.#capture(body);
    this.#emit([
      [OP.block, EMPTY_BLOCK, OP.loop, EMPTY_BLOCK],
      [condition.isZero().code, OP.brIf, 1, round, OP.br, 0],
      [OP.end, OP.end],
    ]);
  }

  /** The body runs `count` times. */
  repeat(count: I32, body: () => void): void {
    const left = this.variable(count);
    this.while(left.value, () => {
      body();
      left.set(left.value.subtract(1));
    });
  }

  if(condition: I32, then: () => void, otherwise?: () => void): void {
    const first = this.#capture(then);
    const second = otherwise === undefined ? [] : [OP.else, this.#capture(otherwise)];
    this.#emit([condition.code, OP.if, EMPTY_BLOCK, first, second, OP.end]);
  }

  /** Locals kept in the body are used again after it; nothing kept in it may be read afterwards. */
  region(body: () => void): void {
    this.#emit(this.#capture(body));
  }

  call(target: FunctionReference, ...values: I32[]): void {
    this.#emit(this.#callCode(target, values));
  }

  /** A call of a function that gives an i32. */
  callForIndex(target: FunctionReference, ...values: I32[]): I32 {
    return this.keep(new I32(this.#callCode(target, values)));
  }

  return(value?: I32): void {
    this.#emit([value === undefined ? [] : value.code, OP.return]);
  }

  /** The function's result, placed at its end. */
  leave(value: I32): void {
    this.#emit(value.code);
  }

  /** The function's part of the code section. */
  encode(): Code {
    return sized([vector(this.#locals.map((type) => [1, TYPE[type]])), this.#body, OP.end]);
  }

  #callCode(target: FunctionReference, values: readonly I32[]): Code {
    if (values.length !== target.parameters) throw new RangeError(`a call with ${values.length} arguments`);
    return [values.map(({ code }) => code), OP.call, unsignedNumber(target.index)];
  }

  #emit(code: Code): void {
    this.#body.push(code);
  }

  #local(type: ValueType): Code {
    const index = this.#free[type].pop() ?? this.#parameters + this.#locals.push(type) - 1;
    this.#used.push([type, index]);
    return unsignedNumber(index);
  }

  /** The body's code; its locals become free again. */
  #capture(body: () => void): Code[] {
    const [outerBody, outerUsed] = [this.#body, this.#used];
    this.#body = [];
    this.#used = [];
    body();
    for (const [type, index] of this.#used) this.#free[type].push(index);
    const code = this.#body;
    this.#body = outerBody;
    this.#used = outerUsed;
    return code;
  }
}

export class Variable32 {
  readonly #local: Code;
  readonly #emit: (code: Code) => void;

  constructor(local: Code, emit: (code: Code) => void) {
    this.#local = local;
    this.#emit = emit;
  }

  /** Its value at the moment of use. */
  get value(): I32 {
    return new I32([OP.localGet, this.#local]);
  }

  set(value: I32): void {
    this.#emit([value.code, OP.localSet, this.#local]);
  }

  advance(step: I32 | number): void {
    this.set(this.value.add(step));
  }
}

export class Variable64 {
  readonly range: Interval;
  readonly #local: Code;
  readonly #emit: (code: Code) => void;

  constructor(local: Code, range: Interval, emit: (code: Code) => void) {
    this.range = range;
    this.#local = local;
    this.#emit = emit;
  }

  /** Its value at the moment of use. */
  get value(): I64 {
    return new I64([OP.localGet, this.#local], this.range);
  }

  /** @throws {BoundsError} if the value could leave the declared range */
  set(value: I64): void {
    requireInside("a variable", value.range, this.range);
    this.#emit([value.code, OP.localSet, this.#local]);
  }
}

export class Sum64 {
  readonly #total: Variable64;
  readonly #step: Interval;

  constructor(total: Variable64, step: Interval) {
    this.#total = total;
    this.#step = step;
  }

  get value(): I64 {
    return this.#total.value;
  }

  reset(): void {
    this.#total.set(I64.constant(0n));
  }

  /** @throws {BoundsError} if the step is larger than declared */
  add(step: I64): void {
    requireInside("a step of a sum", step.range, this.#step);
    // That there are no more steps than declared keeps the total inside, which the interval of one addition cannot know.
    this.#total.set(this.#total.value.add(step).known(this.#total.range));
  }
}
