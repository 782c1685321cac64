import { readFileSync } from "node:fs";
import { parameterCount } from "@zkcmp/network/shape";
import { sliceTestSet } from "@zkcmp/network/testset";
import { type BenchNetwork, digitNetwork, syntheticNetwork, withNetworkFolders } from "./bench-network.ts";
import { type Measure, type Measured, spread } from "./figure.ts";
import { describeMemory, measuredProcess } from "./measured-process.ts";

/** What bench/prove-libra.ts has measured of one statement, in seconds; the first proof is cold, the others are not. */
export interface LibraRun {
  readonly cold: { readonly prove: number; readonly verify: number };
  readonly prove: readonly number[];
  readonly verify: readonly number[];
  readonly proofBytes: number;
}

/** What bench/prove-versus.ts has measured, medians in seconds. */
export interface VersusRun {
  readonly constraints: number;
  readonly groth16: number;
  readonly libra: number;
}

/** The network and the number of rows of `libra.vs.groth16`. */
export interface VersusStatement {
  readonly widths: readonly number[];
  readonly rows: number;
}

/** Fits 2^20 constraints, beyond which the memory of the WebAssembly prover ends; its proof takes minutes to set up. */
export const LARGEST_STATEMENT = "784-32-10x512";

/** Reads {@link LARGEST_STATEMENT} and the like: layers and rows. @returns null if it is written otherwise */
export function parseVersusStatement(text: string): VersusStatement | null {
  if (!/^\d+(-\d+)+x\d+$/.test(text)) return null;
  const [widths, rows] = text.split("x") as [string, string];
  return { widths: widths.split("-").map(Number), rows: Number(rows) };
}

const { version: peerVersion } = JSON.parse(
  readFileSync(new URL("../node_modules/snarkjs/package.json", import.meta.url), "utf8"),
) as { version: string };

const ROWS = 1_000;
const RUNS = 5;
const SIZE = `784-128-10.n${ROWS}`;

/** As many of the network's rows as asked for. */
function withRows({ network, rows, note }: BenchNetwork, count: number): BenchNetwork {
  return { network, rows: sliceTestSet(rows, 0, count), note };
}

/** Proves each statement in turn, in a process of its own. */
async function proveInTurn(networks: readonly BenchNetwork[], runs = RUNS) {
  return withNetworkFolders(networks, (folders) =>
    measuredProcess<LibraRun[]>("prove-libra.ts", [String(runs), ...folders]),
  );
}

/** How much longer the second statement takes, of medians. */
function growth(id: string, [small, large]: readonly LibraRun[], note: string): Measured {
  const [less, more] = [spread(small!.prove), spread(large!.prove)];
  return {
    id,
    value: more.value / less.value,
    unit: "x",
    bar: 2.2,
    runs: less.runs,
    note: `prove ${less.value.toFixed(2)} s and ${more.value.toFixed(2)} s; ${note}`,
  };
}

export function libraMeasures(versus: VersusStatement): readonly Measure[] {
  return [
    {
      ids: [`libra.prove.${SIZE}`, `libra.verify.${SIZE}`, `libra.proofBytes.${SIZE}`, `libra.memory.${SIZE}`],
      run: async () => {
        const digits = withRows(await digitNetwork(), ROWS);
        const { result, peakMemory } = await proveInTurn([digits]);
        const { cold, prove, verify, proofBytes } = result[0]!;
        const memory = `peak memory ${describeMemory(peakMemory)}`;
        return [
          {
            ...{ id: `libra.prove.${SIZE}`, unit: "s" as const, bar: 6, ...spread(prove) },
            note: `witness and the check of all constraints included, warm; the first proof of the process took ${cold.prove.toFixed(2)} s; ${memory}; ${digits.note}`,
          },
          {
            ...{ id: `libra.verify.${SIZE}`, unit: "s" as const, bar: 1.5, ...spread(verify) },
            note: `warm, after a proof in the same process; the first took ${cold.verify.toFixed(2)} s`,
          },
          { id: `libra.proofBytes.${SIZE}`, value: proofBytes, unit: "bytes", bar: 400_000 },
          {
            ...{ id: `libra.memory.${SIZE}`, value: peakMemory, unit: "bytes" as const, bar: 4 * 2 ** 30 },
            note: "resident, of the process that seals, proves and verifies, sampled four times a second",
          },
        ];
      },
    },
    {
      ids: ["libra.growth.rows"],
      run: async () => {
        const digits = await digitNetwork();
        const pair = [withRows(digits, ROWS), withRows(digits, 2 * ROWS)];
        const { result } = await proveInTurn(pair, 3);
        return [growth("libra.growth.rows", result, `784-128-10, ${ROWS} and ${2 * ROWS} rows, warm, in turn`)];
      },
    },
    {
      ids: ["libra.growth.weights"],
      run: async () => {
        const pair = [128, 256].map((hidden) => syntheticNetwork([784, hidden, 10], ROWS));
        const { result } = await proveInTurn(pair, 3);
        const sizes = pair.map(({ network }) => parameterCount(network.shape).toLocaleString("en-US"));
        const note = `${sizes.join(" and ")} parameters, which look random, ${ROWS} rows, warm, in turn`;
        return [growth("libra.growth.weights", result, note)];
      },
    },
    {
      ids: ["libra.vs.groth16"],
      run: async () => {
        const { widths, rows } = versus;
        const name = `${widths.join("-")}x${rows}`;
        const { result, peakMemory } = await withNetworkFolders([syntheticNetwork(widths, rows)], ([folder]) =>
          measuredProcess<VersusRun>("prove-versus.ts", ["3", folder!]),
        );
        const larger = name === LARGEST_STATEMENT ? "" : `; the bar is for --statement ${LARGEST_STATEMENT}`;
        const constraints = result.constraints.toLocaleString("en-US");
        return [
          {
            id: "libra.vs.groth16",
            value: result.groth16 / result.libra,
            unit: "x",
            bar: 20,
            better: "higher",
            runs: 3,
            peer: { name: "snarkjs, witness and proof", version: peerVersion, value: result.groth16 },
            ratio: result.groth16 / result.libra,
            note:
              `Libra ${result.libra.toFixed(2)} s, Groth16 ${result.groth16.toFixed(2)} s, witnesses included, without verification; ${name}, ${constraints} constraints; ` +
              `warm, in turn, setup not counted; peak memory of both ${describeMemory(peakMemory)}${larger}`,
          },
        ];
      },
    },
  ];
}
