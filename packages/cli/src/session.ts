import { homedir } from "node:os";
import { join } from "node:path";
import { KeyFolder } from "./key-folder.ts";
import type { Output } from "./output.ts";
import { confirm, type Terminal } from "./prompt.ts";

/** The options that every command takes. */
export interface GlobalOptions {
  readonly home: string;
  readonly rpcUrl?: string | undefined;
  readonly account?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly escrow?: string | undefined;
  readonly json: boolean;
  readonly yes: boolean;
  readonly force: boolean;
}

export const DEFAULT_HOME = join(homedir(), ".zkcmp");

/** What one run of a command stands on: its options, its folders, where it speaks and asks. */
export class Session {
  readonly output: Output;
  readonly terminal: Terminal;
  #options: GlobalOptions | null = null;

  constructor(output: Output, terminal: Terminal) {
    this.output = output;
    this.terminal = terminal;
  }

  configure(options: GlobalOptions): void {
    this.#options = options;
  }

  get options(): GlobalOptions {
    if (this.#options === null) throw new Error("the options are read before a command runs");
    return this.#options;
  }

  get keys(): KeyFolder {
    return new KeyFolder(join(this.options.home, "keys"));
  }

  /** Asks before something that spends or gives away. @throws {DeclinedError} */
  async confirm(question: string): Promise<void> {
    this.output.clear();
    await confirm(this.terminal, question, this.options.yes);
  }

  /** Ends what would keep the process alive. */
  async close(): Promise<void> {}
}
