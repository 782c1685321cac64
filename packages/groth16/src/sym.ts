import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { ZkcmpError } from "@zkcmp/field/error";

/** A signal that the circuit does not have, or that the compiler replaced by other wires. */
export class SignalNotFoundError extends ZkcmpError {}

/** The names of a circuit's signals, such as `main.out` or `main.layer[2].bits[0]`, as circom's .sym file lists them. */
export class Symbols {
  readonly #wires: ReadonlyMap<string, number>;

  constructor(wires: ReadonlyMap<string, number>) {
    this.#wires = wires;
  }

  /**
   * The wire that carries a signal. Several signals may share one wire.
   * @throws {SignalNotFoundError} also if the compiler eliminated the signal
   */
  wire(name: string): number {
    const wire = this.#wires.get(name);
    if (wire === undefined) throw new SignalNotFoundError(`There is no signal ${name}`, "Look it up in the .sym file");
    if (wire < 0) {
      throw new SignalNotFoundError(`The compiler eliminated the signal ${name}`, "Use a signal it depends on");
    }
    return wire;
  }

  /** Every signal that has a wire, in the compiler's order. */
  names(): string[] {
    return [...this.#wires].filter(([, wire]) => wire >= 0).map(([name]) => name);
  }
}

/** Reads a .sym file: lines of label, wire (-1 if eliminated), component and name. */
export async function readSymbols(path: string): Promise<Symbols> {
  const wires = new Map<string, number>();
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      const [, wire, , name] = line.split(",");
      if (wire === undefined || name === undefined)
        throw new SignalNotFoundError(`${path} is no .sym file`, "Compile again");
      wires.set(name, Number(wire));
    }
  } catch (cause) {
    if (cause instanceof SignalNotFoundError) throw cause;
    throw new SignalNotFoundError(`${path} cannot be read`, "Compile the circuit again", { cause });
  }
  return new Symbols(wires);
}
