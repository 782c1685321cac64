import { expect } from "chai";
import { addressParameters, chosenEntry, chosenNode, isNodeUrl } from "../src/node-choice.ts";

const ENTRIES = [
  { chainId: 1, rpcUrl: "https://one.example/key" },
  { chainId: 31337, rpcUrl: "http://127.0.0.1:8545" },
];

function nodeOf(query: string, entries = ENTRIES): string | null {
  return chosenNode(addressParameters(`https://market.example/sub/${query}#/deal/0x12`), entries)?.origin ?? null;
}

describe("node choice", () => {
  it("takes the link's node, else that of the chain it names, else the first", () => {
    expect(nodeOf("")).to.equal("https://one.example");
    expect(nodeOf("?chain=31337")).to.equal("http://127.0.0.1:8545");
    expect(nodeOf("?chain=31337&rpc=https://other.example:444/x")).to.equal("https://other.example:444");
    expect(nodeOf("?chain=5")).to.equal(null);
    expect(nodeOf("", [])).to.equal(null);
    expect(chosenEntry({ chain: "31337" }, ENTRIES)).to.equal(ENTRIES[1]);
    expect(chosenEntry({ chain: "0x7a69" }, ENTRIES)).to.equal(null);
  });

  it("takes https, and http on this machine only", () => {
    for (const url of ["https://node.example", "http://localhost:1", "http://127.0.0.1"]) {
      expect(isNodeUrl(new URL(url)), url).to.equal(true);
    }
    const wrong = [
      "http://node.example",
      "http://127.0.0.1.node.example",
      "http://localhost.example",
      "ws://127.0.0.1",
      "file:///etc",
      "data:text/plain,x",
      "javascript:alert(1)",
    ];
    for (const url of wrong) expect(isNodeUrl(new URL(url)), url).to.equal(false);
  });

  it("takes no host that would be more than one host, or another directive, in a policy", () => {
    for (const rpc of [
      "https://*",
      "https://*.example",
      "https://a;script-src",
      "https://a,b",
      "https://'self'",
      "https://[::1]",
      "*",
      "https:",
    ]) {
      expect(nodeOf(`?rpc=${encodeURIComponent(rpc)}`), rpc).to.equal(null);
    }
  });
});
