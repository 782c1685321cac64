import type { TextFile } from "../../worker/deals-desk.ts";

/** Reads files that the user gave. */
export async function readTexts(files: readonly File[]): Promise<TextFile[]> {
  return Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })));
}

/** The same as bytes, for files that may be no text. */
export async function readBytes(files: readonly File[]): Promise<{ name: string; bytes: Uint8Array }[]> {
  return Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
}
