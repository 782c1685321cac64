import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { LocalServer } from "../../server/local-server.ts";
import { servePage } from "../../server/page-server.ts";

const POLICY = "default-src 'none'; script-src 'self'";

describe("servePage", () => {
  let folder: string;
  let page: LocalServer;
  let below: LocalServer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-page-"));
    const files: Record<string, string> = {
      "site/index.html": "<!doctype html>",
      "site/assets/app-1.js": "1",
      "site/assets/app-1.css": "1",
      "site/deployments.json": "[]",
      "site/.hidden": "no",
      "site/folder/a.txt": "a",
      "market/deployments.json": "[1]",
      "market/orders/one.json": "{}",
      "market/model.wasm": "w",
      "site-secret/secret.txt": "secret",
      "secret.txt": "secret",
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(folder, name, ".."), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    await symlink(join(folder, "secret.txt"), join(folder, "site/link.txt"));
    await symlink(folder, join(folder, "site/up"));
    const options = { port: 0, folders: [join(folder, "market"), join(folder, "site")], policy: POLICY };
    page = await servePage(options);
    below = await servePage({ ...options, path: "/some/where/" });
  });
  after(async () => {
    await page.close();
    await below.close();
    await rm(folder, { recursive: true });
  });

  /** The path as it is written: fetch would resolve the dots itself. */
  const get = (
    path: string,
    { method = "GET", host }: { method?: string; host?: string } = {},
    server = page,
  ): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }> =>
    new Promise((resolve, reject) => {
      const headers = host === undefined ? {} : { host };
      const request = httpRequest({ host: "127.0.0.1", port: server.port, path, method, headers }, (response) => {
        let text = "";
        response.on("data", (part: Buffer) => (text += part.toString()));
        response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, text }));
      });
      request.on("error", reject);
      request.end();
    });

  it("serves files with their types, and the first folder's before the second's", async () => {
    const types: Record<string, string> = {
      "/": "text/html; charset=utf-8",
      "/index.html": "text/html; charset=utf-8",
      "/?rpc=http://127.0.0.1:1": "text/html; charset=utf-8",
      "/assets/app-1.js": "text/javascript; charset=utf-8",
      "/assets/app-1.css": "text/css; charset=utf-8",
      "/orders/one.json": "application/json",
      "/model.wasm": "application/wasm",
      "/folder/a.txt": "text/plain; charset=utf-8",
    };
    for (const [path, type] of Object.entries(types)) {
      const { status, headers } = await get(path);
      expect([status, headers["content-type"]], path).to.deep.equal([200, type]);
    }
    expect((await get("/deployments.json")).text).to.equal("[1]");
  });

  it("keeps what is named by its content, and asks again for everything else", async () => {
    expect((await get("/assets/app-1.js")).headers["cache-control"]).to.contain("immutable");
    expect((await get("/")).headers["cache-control"]).to.equal("no-cache");
    expect((await get("/deployments.json")).headers["cache-control"]).to.equal("no-cache");
  });

  it("sends policy and isolation with everything, also with refusals", async () => {
    for (const path of ["/", "/assets/app-1.js", "/nothing"]) {
      const { headers } = await get(path);
      expect(headers["content-security-policy"], path).to.equal(`${POLICY}; frame-ancestors 'none'`);
      expect(headers["cross-origin-opener-policy"], path).to.equal("same-origin");
      expect(headers["cross-origin-embedder-policy"], path).to.equal("require-corp");
      expect(headers["x-content-type-options"], path).to.equal("nosniff");
      expect(headers["referrer-policy"], path).to.equal("no-referrer");
    }
  });

  it("shows nothing outside its folders, by dots, codes, links or names that begin alike", async () => {
    for (const path of [
      "/../secret.txt",
      "/folder/../../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/%2e%2e%2fsecret.txt",
      "/..%5csecret.txt",
      "/..\\secret.txt",
      "/../site-secret/secret.txt",
      "/link.txt",
      "/up/secret.txt",
      "/.hidden",
      "/folder",
      "/folder/",
      "//secret.txt",
      "/secret.txt%00.html",
      "/%",
      "/%c0%ae%c0%ae/secret.txt",
      "http://127.0.0.1/secret.txt",
    ]) {
      const { status, text } = await get(path);
      expect([status, text.includes("secret")], path).to.deep.equal([404, false]);
    }
  });

  it("is there under a sub-path, and only there", async () => {
    expect(below.url).to.equal(`http://127.0.0.1:${below.port}/some/where/`);
    expect((await get("/some/where/", {}, below)).status).to.equal(200);
    expect((await get("/some/where/assets/app-1.js", {}, below)).status).to.equal(200);
    const near = await get("/some/where", {}, below);
    expect([near.status, near.headers.location]).to.deep.equal([308, "/some/where/"]);
    for (const path of ["/", "/index.html", "/some/whereabouts/index.html", "/some/where/../../secret.txt"]) {
      expect((await get(path, {}, below)).status, path).to.equal(404);
    }
  });

  it("answers GET and HEAD, under its own name alone", async () => {
    const head = await get("/deployments.json", { method: "HEAD" });
    expect([head.status, head.text, head.headers["content-length"]]).to.deep.equal([200, "", "3"]);
    expect((await get("/", { method: "POST" })).status).to.equal(405);
    expect((await get("/", { host: "evil.example" })).status).to.equal(403);
    expect((await get("/", { host: `evil.example:${page.port}` })).status).to.equal(403);
    expect((await get("/", { host: `localhost:${page.port}` })).status).to.equal(200);
  });
});
