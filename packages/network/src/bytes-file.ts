/**
 * Files of bytes: node-bytes-file.ts or, in a browser, none: no-bytes-file.ts. The import "#bytes-file" gives the one that belongs to
 * the place where the program runs, as "#text-file" does.
 */
export interface BytesFile {
  /** In bytes. */
  size(path: string): Promise<number>;
  read(path: string): Promise<Uint8Array>;
}
