/** Bytes that are given to the unpacker at once: they make at most a thousand times as many, which wait in memory. */
const PIECE = 1 << 14;

/** Whether bytes begin as a gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks a gzip file, with what Node and browsers both have.
 * @param most bytes that it may unpack to; no more than a little above that is ever in memory
 * @throws {RangeError} if there are more
 * @throws {TypeError} if the file is damaged or cut off
 */
export async function gunzip(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  const { readable, writable } = new DecompressionStream("gzip");
  const fed = feed(bytes, writable.getWriter());
  // What goes wrong there comes out of the reader as well.
  fed.catch(() => undefined);
  const reader = readable.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel().catch(() => undefined);
      throw new RangeError(`it unpacks to more than ${most} bytes`);
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Piece by piece, each when the one before is unpacked. */
async function feed(bytes: Uint8Array, writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>): Promise<void> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    await writer.ready;
    await writer.write(Uint8Array.from(bytes.subarray(at, at + PIECE)));
  }
  await writer.close();
}
