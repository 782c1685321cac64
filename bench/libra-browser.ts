import { sliceTestSet } from "@zkcmp/network/testset";
import { score } from "@zkcmp/network/score";
import { createLibra } from "@zkcmp/libra/proof-system";
import { CHROMIUM, NO_CHROMIUM, openProgram } from "../packages/field/test/browser/chromium.ts";
import { type SaleInput, saleInput, type SaleOutput } from "../packages/libra/test/browser/sale-program.ts";
import { createDeal } from "../packages/sale/test/fixture.ts";
import { digitNetwork } from "./bench-network.ts";
import { type Measure, spread } from "./figure.ts";

const ROWS = 1_000;
const RUNS = 5;
const ID = `libra.verify.browser.784-128-10.n${ROWS}`;
const BAR = { id: ID, unit: "s" as const, bar: 1.5 };

/** A buyer's verification in a Web Worker of an isolated page, of a bundle that was made in Node. */
export const libraBrowserMeasures: readonly Measure[] = [
  {
    ids: [ID],
    run: async () => {
      if (CHROMIUM === null) return [{ ...BAR, value: null, note: NO_CHROMIUM }];
      const { network, rows, note } = await digitNetwork();
      const testSet = sliceTestSet(rows, 0, ROWS);
      const threshold = score(network, testSet).right;
      const deal = await createDeal({ network, testSet, order: { threshold }, proofSystem: createLibra() });
      const program = await openProgram<SaleInput, SaleOutput>(
        new URL("../packages/libra/test/browser/sale-program.ts", import.meta.url),
      );
      try {
        const { buyer } = saleInput(deal);
        const verify = async (isolated: boolean) => {
          const output = await program.run({ buyer, runs: RUNS + 1 }, { isolated, inWorker: true });
          if (output.refused !== null) throw new Error(output.refused);
          return output;
        };
        const [several, alone] = [await verify(true), await verify(false)];
        const [cold, ...warm] = several.proof;
        const [coldAlone, ...warmAlone] = alone.proof;
        const whole = spread(several.whole.slice(1)).value;
        return [
          {
            ...{ ...BAR, ...spread(warm) },
            note:
              `in a Web Worker of ${program.browser}, warm; the first took ${cold!.toFixed(2)} s; without shared memory, on one thread, ` +
              `${spread(warmAlone).value.toFixed(2)} s, the first ${coldAlone!.toFixed(2)} s; the bundle's whole verification ${whole.toFixed(2)} s; ${note}`,
          },
        ];
      } finally {
        await program.close();
      }
    },
  },
];
