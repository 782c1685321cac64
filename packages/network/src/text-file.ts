/**
 * Files of text: node-text-file.ts or, in a browser, none: no-text-file.ts. The import "#text-file" gives the one that belongs to the
 * place where the program runs, by the conditions in package.json, so that nothing of Node's gets into a bundle for browsers.
 */
export interface TextFile {
  read(path: string): Promise<string>;
  /**
   * Writes by a temporary file in the same folder and a rename, so that a crash leaves the old file or the new one, never half of one.
   * The mode is 0600.
   */
  write(path: string, text: string): Promise<void>;
}
