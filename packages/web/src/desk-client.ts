import { proxy, wrap } from "comlink";
import { createContext, useContext } from "react";
import deskUrl from "./worker/desk.ts?worker&url";
import { DESK_LOADED, type DeskStart } from "./desk-channel.ts";
import { carryErrors } from "./error-crossing.ts";
import { PolicedWorker } from "./policed-worker.ts";
import { StepError, toStepError } from "./step-error.ts";
import type { Desk } from "./worker/desk.ts";

type RemotePart<P> = {
  readonly [Name in keyof P as P[Name] extends (...parameters: never[]) => unknown ? Name : never]: P[Name] extends (
    ...parameters: infer A
  ) => infer R
    ? (...parameters: A) => Promise<Awaited<R>>
    : never;
};

/** The desk as the page sees it: every method answers later; functions may be given and are called on the page. */
export type RemoteDesk = { readonly [Part in keyof Desk]: RemotePart<Desk[Part]> };

/** A worker with the desk in it. */
export interface DeskClient {
  readonly desk: RemoteDesk;
  /** Settles when the worker has died; whatever was asked of it then fails with the same error. */
  readonly death: Promise<StepError>;
  /** Ends the worker. */
  end(): void;
}

carryErrors(toStepError);

/**
 * Starts the worker.
 * @throws {StepError} on a page that was loaded over plain http from another machine
 */
export function startDesk(): DeskClient {
  if (!isSecureContext) {
    throw new StepError(
      "InsecurePageError",
      "this page was loaded over plain http, where browsers keep no journal and anyone on the way could have changed it",
      "Open it by its https address.",
    );
  }
  const name = `zkcmp-desk-${crypto.randomUUID()}`;
  const worker = new PolicedWorker(deskUrl, { type: "module", name });
  const { port1, port2 } = new MessageChannel();
  let die: (error: StepError) => void = () => undefined;
  const death = new Promise<StepError>((resolve) => (die = resolve));
  const remote = wrap<Desk>(port1) as unknown as Record<
    string,
    Record<string, (...given: unknown[]) => Promise<unknown>>
  >;
  const loaded = new Promise<void>((resolve) => {
    worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (data !== DESK_LOADED) return;
      const start: DeskStart = { page: location.href, port: port2 };
      worker.postMessage(start, [port2]);
      resolve();
    });
  });
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
    worker.terminate();
    port1.close();
  };
  const stopped = (reason: string): void => {
    end();
    die(
      new StepError(
        "DeskError",
        `the part of this page that computes has stopped${reason}`,
        "Start it again: what the journal holds is safe. If it stops again, load the page anew.",
      ),
    );
  };
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    stopped(event.message ? `: ${event.message}` : "");
  });
  // Browsers that run out of memory end a worker without a word. What it holds all its life is free then.
  void loaded
    .then(() => navigator.locks.request(name, { signal: ended.signal }, () => stopped("")))
    .catch(() => undefined);
  const failed = death.then((error) => {
    throw error;
  });
  failed.catch(() => undefined);
  const part = (partName: string): unknown =>
    new Proxy(
      {},
      {
        get:
          (_, method: string) =>
          async (...given: unknown[]) => {
            const call = loaded.then(() =>
              remote[partName]![method]!(...given.map((value) => (typeof value === "function" ? proxy(value) : value))),
            );
            return Promise.race([call, failed]);
          },
      },
    );
  const names: readonly (keyof Desk)[] = ["session", "deals", "orders", "sales", "rounds", "keys"];
  const desk = Object.fromEntries(names.map((name) => [name, part(name)])) as unknown as RemoteDesk;
  return { desk, death, end };
}

export const DeskContext = createContext<RemoteDesk | null>(null);

/** The desk of this page. */
export function useDesk(): RemoteDesk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new TypeError("useDesk outside of the page's frame");
  return desk;
}
