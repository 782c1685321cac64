import { createServer, request as httpRequest } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** A proxy on this machine that writes down where a browser connects to: pages, workers and the browser itself alike. */
export interface LoggingProxy {
  readonly url: string;
  /** Hosts with ports, and of requests in plain text their paths. */
  readonly targets: { readonly host: string; readonly path: string | null }[];
  close(): Promise<void>;
}

export async function startLoggingProxy(): Promise<LoggingProxy> {
  const targets: LoggingProxy["targets"] = [];
  const server = createServer((request, response) => {
    const target = URL.parse(request.url ?? "");
    if (target === null) return void response.writeHead(400).end();
    targets.push({ host: target.host, path: target.pathname + target.search });
    const forwarded = httpRequest(
      {
        host: target.hostname,
        port: target.port,
        method: request.method,
        path: target.pathname + target.search,
        headers: request.headers,
      },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      },
    );
    forwarded.on("error", () => response.destroy());
    response.on("close", () => forwarded.destroy());
    request.pipe(forwarded);
  });
  server.on("connect", (request, socket) => {
    targets.push({ host: request.url ?? "", path: null });
    const [host, port] = (request.url ?? "").split(":");
    // What is not on this machine is written down, and not reached.
    if (host !== "127.0.0.1" && host !== "localhost") return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const upstream = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
