import { SingleBar } from "cli-progress";

const WHOLE = 1000;

/** One line that shows a step, how much of it is done and the time left. Silent where the stream is no terminal. */
export class ProgressBar {
  readonly #stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
  #bar: SingleBar | null = null;
  #step = "";

  constructor(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }) {
    this.#stream = stream;
  }

  /** @param done the part of the step that is done, 0 to 1; a step of unknown length has a name and no bar */
  show(step: string, done?: number): void {
    if (this.#stream.isTTY !== true) return;
    if (step !== this.#step) {
      this.clear();
      this.#step = step;
      this.#bar = done === undefined ? null : this.#start(step);
      if (done === undefined) this.#stream.write(`${step} ...`);
    }
    if (done !== undefined) {
      if (this.#bar === null) this.#stream.write("\r\u001b[K");
      this.#bar ??= this.#start(step);
      this.#bar.update(Math.round(Math.min(1, Math.max(0, done)) * WHOLE));
    }
  }

  /** Removes the line. */
  clear(): void {
    if (this.#step === "") return;
    this.#bar?.stop();
    if (this.#bar === null) this.#stream.write("\r\u001b[K");
    this.#bar = null;
    this.#step = "";
  }

  #start(step: string): SingleBar {
    const bar = new SingleBar({
      format: `${step} [{bar}] {percentage} %, {eta_formatted} left`,
      stream: this.#stream,
      barsize: 30,
      etaBuffer: 50,
      hideCursor: true,
      clearOnComplete: true,
      // A signal handler of our own ends the bar.
      gracefulExit: false,
    });
    bar.start(WHOLE, 0);
    return bar;
  }
}
