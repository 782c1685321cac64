import { expect } from "chai";
import type { Run } from "./program.ts";

const PRELOAD = new URL("./crash-before-write.ts", import.meta.url).href;

/** A folder in which commands are run, of which there can be copies. */
export interface Copyable<M> {
  /** The same state in a folder of its own. */
  copy(): Promise<M>;
  /** Transactions and clock changes that the embedded chain has seen. */
  chainEntries(): Promise<number>;
}

/** How a command is run. */
export interface Command<M> {
  /** For messages. */
  readonly words: string;
  readonly run: (market: M, environment: Readonly<Record<string, string>>) => Promise<Run>;
  /** Runs it again, so that it must end well. */
  readonly again: (market: M) => Promise<Record<string, unknown>>;
}

/**
 * Kills a command before each of its writes, of which the mining of a transaction is one, each time in a copy of the state,
 * and runs it again as it was.
 * @param transactions how many the command sends, however often it is killed
 * @param onCopy told of every copy, for its removal
 * @returns the market that was killed last and mended, and what the command then reported each time
 */
export async function killEverywhere<M extends Copyable<M>>(
  from: M,
  command: Command<M>,
  transactions: number,
  onCopy: (market: M) => void,
): Promise<{ hurt: M; results: Record<string, unknown>[] }> {
  const entries = await from.chainEntries();
  const mended: { market: M; result: Record<string, unknown> }[] = [];
  let next = 0;
  let ended = false;
  const worker = async (): Promise<void> => {
    while (!ended) {
      const write = next++;
      const copy = await from.copy();
      onCopy(copy);
      const killed = await command.run(copy, {
        NODE_OPTIONS: `--import=${PRELOAD}`,
        ZKCMP_TEST_CRASH_BEFORE_WRITE: String(write + 1),
      });
      if (killed.signal === null) {
        expect(killed.code, killed.stderr).to.equal(0);
        ended = true;
      } else {
        expect(killed.signal).to.equal("SIGKILL");
        mended[write] = { market: copy, result: await command.again(copy) };
      }
      expect((await copy.chainEntries()) - entries, `${command.words}, write ${write + 1}`).to.equal(transactions);
    }
  };
  await Promise.all([worker(), worker()]);
  const last = mended.at(-1);
  expect(last, "there was something to kill").to.not.equal(undefined);
  return { hurt: last!.market, results: mended.map(({ result }) => result) };
}
