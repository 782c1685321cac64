import { expect } from "chai";
import { addressParameters } from "../../src/node-choice.ts";
import {
  chooseDeployment,
  type Deployment,
  DeploymentError,
  linkedParts,
  parseDeployments,
} from "../../src/worker/deployment.ts";

const BASE = "https://market.example/sub/deployments.json";
const ESCROW = `0x${"Ab".repeat(20)}`;
const OTHER = `0x${"Cd".repeat(20)}`;

const ENTRY = {
  name: "Test market",
  chainId: 31337,
  rpcUrl: "http://127.0.0.1:8545",
  escrow: ESCROW,
  escrowBlock: 7,
  rewards: [{ address: OTHER, block: 8 }],
  orders: ["orders/one.json"],
  rounds: [],
  trustedKeys: "trusted-keys.json",
  samples: [{ path: "./samples/rows.csv", about: "rows" }],
};

function parse(entry: object, base = BASE): Deployment[] {
  return parseDeployments(
    JSON.stringify({ format: "zkcmp-deployments", version: 1, deployments: [ENTRY, entry] }),
    base,
  );
}

function choose(query: string, deployments = parse({ ...ENTRY, chainId: 1, name: "Second" })): Deployment {
  return chooseDeployment(addressParameters(`https://market.example/sub/${query}`), deployments);
}

describe("deployment", () => {
  it("reads a file: addresses in lower case, paths as URLs beside it", () => {
    const [deployment] = parse(ENTRY);
    expect(deployment).to.deep.include({
      escrow: ESCROW.toLowerCase(),
      rewards: [{ address: OTHER.toLowerCase(), block: 8 }],
      orders: ["https://market.example/sub/orders/one.json"],
      trustedKeys: "https://market.example/sub/trusted-keys.json",
      samples: [{ path: "https://market.example/sub/samples/rows.csv", about: "rows" }],
    });
  });

  it("refuses files that are damaged, of another version, or lead to another host", () => {
    const wrong: [object, RegExp][] = [
      [{ ...ENTRY, escrow: "0x12" }, /deployments\.1\.escrow/],
      [{ ...ENTRY, chainId: 0 }, /chainId/],
      [{ ...ENTRY, rpcUrl: "http://node.example" }, /rpcUrl: expected the https address/],
      [{ ...ENTRY, rpcUrl: "ftp://127.0.0.1" }, /rpcUrl/],
      [{ ...ENTRY, extra: 1 }, /extra/],
      [{ ...ENTRY, orders: ["https://elsewhere.example/order.json"] }, /another host/],
      [{ ...ENTRY, trustedKeys: "//elsewhere.example/keys.json" }, /another host/],
    ];
    for (const [entry, words] of wrong) expect(() => parse(entry), String(words)).to.throw(DeploymentError, words);
    expect(() => parseDeployments("{", BASE)).to.throw(DeploymentError, /not JSON/);
    expect(() => parseDeployments('{"format":"zkcmp-deployments","version":2,"deployments":[]}', BASE)).to.throw(
      DeploymentError,
      /version/,
    );
  });

  it("takes the first, or the one on the link's chain", () => {
    expect(choose("").name).to.equal("Test market");
    expect(choose("?chain=1").name).to.equal("Second");
  });

  it("puts the link's parameters in the place of the file's", () => {
    expect(choose(`?rpc=https://node.example/x&escrow=${OTHER}&rewards=${ESCROW}`)).to.deep.include({
      name: "Test market",
      rpcUrl: "https://node.example/x",
      escrow: OTHER.toLowerCase(),
      // What is known of the file's contract says nothing about when another one was made.
      escrowBlock: 0,
      rewards: [{ address: ESCROW.toLowerCase(), block: 0 }],
    });
    expect(choose(`?escrow=${OTHER}&block=55`).escrowBlock).to.equal(55);
    expect(choose(`?escrow=${ESCROW}`).escrowBlock).to.equal(7);
  });

  it("needs no file where the link names all", () => {
    const query = `?rpc=http://localhost:8545&chain=5&escrow=${ESCROW}`;
    const named = { chainId: 5, escrow: ESCROW.toLowerCase(), rpcUrl: "http://localhost:8545", orders: [] };
    expect(choose(query, [])).to.deep.include(named);
    expect(choose(query)).to.deep.include(named);
    expect(choose(query).trustedKeys).to.equal(null);
  });

  it("tells what the link has named, and the page's host has not", () => {
    const linked = (query: string, deployments = parse({ ...ENTRY, chainId: 1, name: "Second" })): string[] =>
      linkedParts(addressParameters(`https://market.example/${query}`), deployments);
    expect(linked("")).to.deep.equal([]);
    expect(linked("?chain=1")).to.deep.equal([]);
    // The same as in the file, in other letters.
    expect(linked(`?escrow=${ESCROW}`)).to.deep.equal([]);
    expect(linked("?rpc=https://other.example/")).to.deep.equal(["node"]);
    expect(linked(`?escrow=${OTHER}&rewards=${ESCROW}`)).to.deep.equal(["escrow", "rewards"]);
    expect(linked(`?rpc=http://localhost:8545&chain=5&escrow=${ESCROW}`, [])).to.deep.equal(["node", "escrow"]);
  });

  it("says in words what is wrong or missing in a link", () => {
    const wrong: [string, RegExp, Deployment[]?][] = [
      ["", /knows no market/, []],
      [`?escrow=${ESCROW}`, /does not say chain and rpc/, []],
      ["?chain=5", /does not say rpc and escrow/],
      ["?chain=x", /parameter chain/],
      ["?chain=0", /parameter chain/],
      ["?escrow=0x12", /parameter escrow/],
      ["?rewards=no", /parameter rewards/],
      ["?rpc=http://node.example", /parameter rpc/],
      ["?rpc=javascript:alert(1)", /parameter rpc/],
      ["?block=-1", /parameter block/],
    ];
    for (const [query, words, deployments] of wrong) {
      expect(() => choose(query, deployments), query).to.throw(DeploymentError, words);
    }
  });
});
