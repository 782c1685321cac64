import type { TextFile } from "../../worker/deals-desk.ts";

/** Reads files that the user gave. */
export async function readTexts(files: readonly File[]): Promise<TextFile[]> {
  return Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })));
}
