import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ZkcmpError } from "@zkcmp/field/error";

/** A binary file (r1cs, zkey, ptau) that is missing, cut off, or not of the expected kind. */
export class BinaryFileError extends ZkcmpError {
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: ${problem}`, "Make or fetch the file again", options);
  }
}

/**
 * The container that circom and snarkjs write: magic, version, and sections in any order. A section may stand only
 * once: readers that take the first and checkers that take the last of two would see different files.
 * The payload is read on demand, so that a key of many gigabytes costs no memory.
 */
export class SectionFile {
  readonly name: string;
  readonly size: number;
  readonly #source: Uint8Array | number;
  readonly #sections = new Map<number, { offset: number; size: number }>();

  /**
   * @param source a path, or the bytes of the file
   * @param magic four letters
   * @param name what the file is called in errors
   * @throws {BinaryFileError}
   */
  constructor(
    source: string | Uint8Array,
    magic: string,
    maximalVersion: number,
    name = typeof source === "string" ? source : `the given ${magic} file`,
  ) {
    this.name = name;
    this.#source = typeof source === "string" ? open(source) : source;
    try {
      this.size = typeof this.#source === "number" ? fstatSync(this.#source).size : this.#source.length;
      this.#scan(magic, maximalVersion);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  has(id: number): boolean {
    return this.#sections.has(id);
  }

  sizeOf(id: number): number {
    return this.#find(id).size;
  }

  /** Bytes of a section, by default all of it. */
  read(id: number, offset = 0, length = this.#find(id).size - offset): Uint8Array {
    const section = this.#find(id);
    if (offset + length > section.size) throw new BinaryFileError(this.name, `section ${id} is too short`);
    return this.#bytes(section.offset + offset, length);
  }

  /** Closes the file; without effect on given bytes. */
  close(): void {
    if (typeof this.#source === "number") closeSync(this.#source);
  }

  #scan(magic: string, maximalVersion: number): void {
    if (this.size < 12 || Buffer.from(this.#bytes(0, 4)).toString("latin1") !== magic) {
      throw new BinaryFileError(this.name, `it is not a ${magic} file`);
    }
    const head = Buffer.from(this.#bytes(4, 8));
    const version = head.readUInt32LE(0);
    if (version < 1 || version > maximalVersion) throw new BinaryFileError(this.name, `unknown version ${version}`);
    let offset = 12;
    for (let i = head.readUInt32LE(4); i > 0; i--) {
      if (offset + 12 > this.size) throw new BinaryFileError(this.name, "it is cut off");
      const frame = Buffer.from(this.#bytes(offset, 12));
      const id = frame.readUInt32LE(0);
      const size = Number(frame.readBigUInt64LE(4));
      offset += 12;
      if (offset + size > this.size) throw new BinaryFileError(this.name, "it is cut off");
      if (this.#sections.has(id)) throw new BinaryFileError(this.name, `section ${id} stands in it twice`);
      this.#sections.set(id, { offset, size });
      offset += size;
    }
    if (offset !== this.size) throw new BinaryFileError(this.name, "bytes follow its last section");
  }

  #find(id: number): { offset: number; size: number } {
    const section = this.#sections.get(id);
    if (section === undefined) throw new BinaryFileError(this.name, `section ${id} is missing`);
    return section;
  }

  #bytes(offset: number, length: number): Uint8Array {
    if (typeof this.#source !== "number") return this.#source.subarray(offset, offset + length);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const count = readSync(this.#source, bytes, done, Math.min(length - done, 1 << 30), offset + done);
      if (count === 0) throw new BinaryFileError(this.name, "it is cut off");
      done += count;
    }
    return bytes;
  }
}

function open(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    throw new BinaryFileError(path, `it cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}
