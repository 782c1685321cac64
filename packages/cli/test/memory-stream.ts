import { PassThrough, Writable } from "node:stream";

/** A stream that keeps what is written to it. */
export class MemoryStream extends Writable {
  text = "";
  readonly isTTY: boolean;

  constructor(isTTY = false) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** An input that holds some lines, as if somebody had typed them. */
export function typed(text: string, isTTY: boolean): PassThrough & { isTTY: boolean } {
  const input = Object.assign(new PassThrough(), { isTTY });
  input.end(text);
  return input;
}
