// node market-process.ts FOLDER: a market in a process of its own, for tests in the browser. Prints one line of JSON when it is
// open, and ends when its input does, which is when whoever started it ends in whatever way.
import { pathToFileURL } from "node:url";
import { roundIdToHex } from "@zkcmp/chain/rounds/round-terms";
import { fieldToHex } from "@zkcmp/sale/hex";
import { openMarket } from "../../server/market.ts";
import { builtPage } from "../../server/page-build.ts";

async function run(folder: string): Promise<void> {
  const { url, nodeUrl, site, filled, close } = await openMarket({
    page: await builtPage(),
    folder,
    port: 0,
    nodePort: 0,
    // As on a host where the page is not alone.
    path: "/some/where/",
  });
  const { escrow, rewards, deals, finishedRound, openRound } = filled;
  const ids = {
    ...{ escrow, rewards, finishedRound: roundIdToHex(finishedRound), openRound: roundIdToHex(openRound) },
    deals: Object.fromEntries(
      Object.entries(deals).map(([name, { orderHash, dealId }]) => [name, { orderHash, dealId: fieldToHex(dealId) }]),
    ),
  };
  process.stdout.write(`${JSON.stringify({ url, nodeUrl, site, filled: ids })}\n`);
  process.stdin.resume();
  process.stdin.on("end", () => void close().finally(() => process.exit(0)));
}

// Imported by a runner of tests, this file does nothing.
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await run(process.argv[2]!);
