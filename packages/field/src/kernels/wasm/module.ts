import { type Code, SECTION, TYPE, type ValueType, flatten, name, sized, unsignedNumber, vector } from "./encoding.ts";
import { I32 } from "./expression.ts";
import { FunctionEmitter, type FunctionReference } from "./function.ts";

/** Pages of 64 KiB that 32-bit addresses reach: 4 GiB. */
export const MOST_PAGES = 65536;

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const KIND_FUNCTION = 0;
const KIND_MEMORY = 2;
const KIND_GLOBAL = 3;

interface EmittedFunction extends FunctionReference {
  readonly name: string;
  readonly exported: boolean;
  readonly code: Code;
}

/**
 * A WebAssembly module that is being written. It imports the memory `env.memory` and the i32 `env.scratch`, the address of
 * memory that belongs to the running thread alone, and exports functions by name.
 */
export class ModuleEmitter {
  readonly #functions: EmittedFunction[] = [];
  readonly #shared: boolean;

  /** Where the running thread's own memory begins, {@link SCRATCH_BYTES} of it. */
  readonly scratch = I32.global(0);

  constructor(shared: boolean) {
    this.#shared = shared;
  }

  /** A function of `parameters` i32 that JavaScript can call by its name. A trap's stack trace shows the name. */
  export(name: string, parameters: number, body: (f: FunctionEmitter, ...values: I32[]) => void): FunctionReference {
    return this.#add(name, parameters, null, true, body);
  }

  /** The same for calls inside the module, with a result or without one. */
  internal(
    name: string,
    parameters: number,
    result: ValueType | null,
    body: (f: FunctionEmitter, ...values: I32[]) => void,
  ): FunctionReference {
    return this.#add(name, parameters, result, false, body);
  }

  encode(): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const type = ({ parameters, result }: FunctionReference) => [
      0x60,
      vector(Array.from({ length: parameters }, () => TYPE.i32)),
      vector(result === null ? [] : [TYPE[result]]),
    ];
    const limits = [this.#shared ? 0x03 : 0x01, unsignedNumber(1), unsignedNumber(MOST_PAGES)];
    const imports = [
      [name("env"), name("memory"), KIND_MEMORY, limits],
      [name("env"), name("scratch"), KIND_GLOBAL, TYPE.i32, 0],
    ];
    const exports = functions
      .filter(({ exported }) => exported)
      .map((f) => [name(f.name), KIND_FUNCTION, unsignedNumber(f.index)]);
    const names = vector(functions.map((f) => [unsignedNumber(f.index), name(f.name)]));
    return flatten([
      MAGIC,
      [SECTION.type, sized(vector(functions.map(type)))],
      [SECTION.import, sized(vector(imports))],
      [SECTION.function, sized(vector(functions.map(({ index }) => unsignedNumber(index))))],
      [SECTION.export, sized(vector(exports))],
      [SECTION.code, sized(vector(functions.map(({ code }) => code)))],
      [SECTION.custom, sized([name("name"), 1, sized(names)])],
    ]);
  }

  #add(
    name: string,
    parameters: number,
    result: ValueType | null,
    exported: boolean,
    body: (f: FunctionEmitter, ...values: I32[]) => void,
  ): FunctionReference {
    const emitter = new FunctionEmitter(parameters);
    body(emitter, ...emitter.parameters());
    const reference = { index: this.#functions.length, parameters, result };
    this.#functions.push({ ...reference, name, exported, code: emitter.encode() });
    return reference;
  }
}
