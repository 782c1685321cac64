import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A node that answers a few questions, and keeps what it was asked. */
export interface FakeNode {
  readonly url: string;
  readonly methods: readonly string[];
  close(): Promise<void>;
}

/** @param answers results by method; a method without one is refused. A text is sent as it is, in place of JSON-RPC. */
export async function startFakeNode(answers: Readonly<Record<string, unknown>> | string): Promise<FakeNode> {
  const methods: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { id, method } = JSON.parse(body) as { id: number; method: string };
      methods.push(method);
      const error = { code: -32601, message: `no method ${method}` };
      const answer =
        typeof answers === "string"
          ? answers
          : JSON.stringify({
              jsonrpc: "2.0",
              id,
              ...(method in answers ? { result: answers[method] } : { error }),
            });
      response.setHeader("connection", "close");
      response.end(answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    methods,
    close: async () => {
      server.close();
      await once(server, "close");
    },
  };
}
