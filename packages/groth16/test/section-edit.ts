import { readFile, writeFile } from "node:fs/promises";

/** Offset and size of the payload of a section of an r1cs, zkey or ptau file. */
export function findSection(bytes: Buffer, id: number): { offset: number; size: number } {
  for (let at = 12; at < bytes.length;) {
    const size = Number(bytes.readBigUInt64LE(at + 4));
    if (bytes.readUInt32LE(at) === id) return { offset: at + 12, size };
    at += 12 + size;
  }
  throw new Error(`there is no section ${id}`);
}

export function sectionOf(bytes: Buffer, id: number): Buffer {
  const { offset, size } = findSection(bytes, id);
  return bytes.subarray(offset, offset + size);
}

/** Copies a file and lets `edit` change the payload of one section in place. */
export async function editSection(
  from: string,
  to: string,
  id: number,
  edit: (payload: Buffer) => void,
): Promise<void> {
  const bytes = await readFile(from);
  edit(sectionOf(bytes, id));
  await writeFile(to, bytes);
}

/** Copies a file and replaces the payload of one section. */
export async function replaceSection(from: string, to: string, id: number, payload: Buffer): Promise<void> {
  const bytes = await readFile(from);
  const { offset, size } = findSection(bytes, id);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(payload.length));
  await writeFile(to, Buffer.concat([bytes.subarray(0, offset - 8), length, payload, bytes.subarray(offset + size)]));
}

/** Exchanges two neighbouring entries. */
export function exchange(entryBytes: number, first: number): (payload: Buffer) => void {
  return (payload) => {
    const entry = Buffer.from(payload.subarray(first * entryBytes, (first + 1) * entryBytes));
    payload.copyWithin(first * entryBytes, (first + 1) * entryBytes, (first + 2) * entryBytes);
    entry.copy(payload, (first + 1) * entryBytes);
  };
}
