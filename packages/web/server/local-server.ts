import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ZkcmpError } from "@zkcmp/field/error";

/** A server that listens on this machine alone. */
export interface LocalServer {
  /** With its port and without a slash at its end. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A server cannot be started. */
export class LocalServerError extends ZkcmpError {}

/** Reached from this machine only. */
const ADDRESS = "127.0.0.1";

/** Hosts by which a request may name a server on this machine. Any other name was made to point here by somebody else. */
export function ownHosts({ socket }: IncomingMessage): string[] {
  return [ADDRESS, "localhost"].map((name) => `${name}:${socket.localPort}`);
}

/** Origins of a page that is served here at a port. */
export function originsAt(port: number): string[] {
  return [ADDRESS, "localhost"].map((name) => `http://${name}:${port}`);
}

/**
 * Lets a server listen on 127.0.0.1.
 * @param port any free one for 0
 * @param what the server is, in messages
 * @throws {LocalServerError} if the port is taken or not allowed
 */
export async function listen(server: Server, port: number, what: string): Promise<LocalServer> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(cause, port, what)));
    server.listen(port, ADDRESS, resolve);
  });
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://${ADDRESS}:${chosen}`,
    port: chosen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Browsers keep connections open for minutes.
        server.closeAllConnections();
      }),
  };
}

function listenError(cause: NodeJS.ErrnoException, port: number, what: string): LocalServerError {
  const problems: Record<string, string> = {
    EADDRINUSE: `the port ${port} for ${what} is taken`,
    EACCES: `the port ${port} for ${what} is not for everybody to use`,
  };
  const problem = problems[cause.code ?? ""] ?? `${what} cannot listen on port ${port}`;
  return new LocalServerError(problem, "End the program that uses it, or choose another port (--port, --node-port).", {
    cause,
  });
}
