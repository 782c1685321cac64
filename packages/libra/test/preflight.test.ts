import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import { KernelMemory } from "@zkcmp/field/kernels/memory";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import type { Network } from "@zkcmp/network/network";
import type { NetworkShape } from "@zkcmp/network/shape";
import type { TestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { networkOf, regressionNetworkOf, targetSetFor, testSetFor } from "../../sale/test/fixture.ts";
import { columnsOf, rowsOf } from "../src/argument.ts";
import { foreseenKernelBytes, leastProofBytes, preflight, SaleTooLargeError } from "../src/preflight.ts";
import { libraWith } from "../src/proof-system.ts";
import { proofBytes } from "../src/proof.ts";
import { salePublicData } from "../src/sale/public-data.ts";
import { saleSystemOf } from "../src/sale/sale-system.ts";
import { verifySale } from "../src/sale/verifier.ts";
import { verifyTableClaims } from "../src/verifier/table-claims.ts";
import { CountingChannel } from "./sale/counting-channel.ts";
import { SALT, saleCase } from "./sale/sale-case.ts";
import { dense } from "./sale/shapes.ts";

/** The highest address in any kernels' memory that a task takes. */
async function mostMemory(task: () => Promise<unknown>): Promise<number> {
  let most = 0;
  const { prototype } = KernelMemory;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, "allocate")!;
  const allocate = descriptor.value as KernelMemory["allocate"];
  prototype.allocate = function (bytes) {
    const address = allocate.call(this, bytes);
    most = Math.max(most, address + bytes);
    return address;
  };
  try {
    await task();
  } finally {
    Object.defineProperty(prototype, "allocate", descriptor);
  }
  return most;
}

describe("preflight", function () {
  this.timeout(60_000);
  const kernels = createReferenceKernels();

  /** Bytes of the proof that the verifier's own protocol asks for. */
  async function bytesAskedFor(network: Network, testSet: TestSet, committed: boolean): Promise<number> {
    const { statement } = await saleCase(network, testSet, { modelSalt: committed ? SALT : undefined });
    const system = saleSystemOf(statement);
    const columns = columnsOf(system.argument);
    const channel = new CountingChannel();
    kernels.scope(() => {
      const claims = verifySale(kernels, system, salePublicData(statement), channel);
      verifyTableClaims(channel, system.argument.tables, columns, claims);
    });
    channel.receive(channel.products + 3);
    const { chunks, messages, products } = channel;
    const rows = system.argument.tables.reduce((sum, table) => sum + rowsOf(table, columns), 0);
    return proofBytes({ rows, columns, chunks, messages, products });
  }

  it("foresees a proof's bytes exactly", async () => {
    const networks = [
      networkOf({ inputBits: 4, weightBits: 8, layers: [dense(5, 3, "none", 0, 2)] }),
      networkOf({ inputBits: 1, weightBits: 16, layers: [dense(463, 1, "none")] }),
      networkOf({
        inputBits: 8,
        weightBits: 5,
        layers: [dense(6, 4, "relu", 2), dense(4, 3, "square"), dense(3, 7, "none", 0, 1)],
      }),
      regressionNetworkOf(),
    ];
    for (const network of networks) {
      for (const committed of [false, true]) {
        for (const rows of [1, 5]) {
          const testSet = network.reading === undefined ? testSetFor(network, rows, rows) : targetSetFor(network, rows);
          const predicate = network.reading === undefined ? "accuracy" : "squared-error";
          const foreseen = preflight({ shape: network.shape, rows, predicate, committed });
          expect(leastProofBytes(network.shape, rows)).to.be.within(32, foreseen.proofBytes);
          expect(foreseen.proofBytes).to.equal(await bytesAskedFor(network, testSet, committed));
        }
      }
    }
  });

  it("foresees the bytes where hidden neurons take two tables", async () => {
    const shape = { inputBits: 1, weightBits: 2, layers: [dense(1, 330, "relu", 0, 200), dense(330, 2, "none")] };
    const network = networkOf(shape);
    const { proofBytes: foreseen } = preflight({ shape, rows: 1, predicate: "accuracy", committed: false });
    expect(foreseen).to.equal(await bytesAskedFor(network, testSetFor(network, 1, 1), false));
  });

  it("refuses parameters by the ten million, and permutations of their words", () => {
    const foresee = (weightBits: number, width: number) => {
      const shape = { inputBits: 8, weightBits, layers: [dense(width, 1000, "relu", 10), dense(1000, 2, "none")] };
      return () => preflight({ shape, rows: 1, predicate: "accuracy", committed: true });
    };
    foresee(2, 10_000)();
    expect(foresee(2, 65_000)).to.throw(SaleTooLargeError, "GiB of WebAssembly memory");
    expect(foresee(16, 25_000)).to.throw(SaleTooLargeError, "GiB of WebAssembly memory");
  });

  it("knows before circuits are made what no proof of many neurons or weights falls short of", () => {
    const least = (inputs: number, neurons: number, rows: number) => {
      const layers = [dense(inputs, neurons, "relu"), dense(neurons, 2, "none")];
      return leastProofBytes({ inputBits: 8, weightBits: 8, layers }, rows);
    };
    // 17 bits for each neuron of each row (8-bit rows by 8-bit weights, a bias), 8 for each parameter, 8,192 to a commitment.
    expect(least(1, 1000, 1000)).to.equal(32 * Math.ceil((17 * 1e6 + 8 * 4002) / 8192));
    expect(least(1000, 1000, 1)).to.be.within(31_000, 33_000);
  });

  it("foresees the kernels' memory", async () => {
    const shapes: readonly (readonly [NetworkShape, number])[] = [
      [{ inputBits: 4, weightBits: 8, layers: [dense(8, 40, "relu", 4), dense(40, 2, "none")] }, 300],
      [{ inputBits: 4, weightBits: 8, layers: [dense(8, 50, "square"), dense(50, 2, "none")] }, 500],
      [{ inputBits: 1, weightBits: 16, layers: [dense(300, 20, "relu", 4), dense(20, 2, "none")] }, 1],
      [{ inputBits: 1, weightBits: 2, layers: [dense(2000, 20, "relu", 4), dense(20, 2, "none")] }, 1],
    ];
    const own = await createKernels({ threads: 1 });
    const libra = libraWith(() => Promise.resolve(own));
    for (const [shape, rows] of shapes) {
      const network = networkOf(shape);
      const { statement, witness } = await saleCase(network, testSetFor(network, rows, rows), { modelSalt: SALT });
      const used = await mostMemory(() => libra.prove(statement, witness));
      const foreseen = foreseenKernelBytes(saleSystemOf(statement));
      // Beside tables and vectors there are gates and points.
      expect(used, `${rows} rows`).to.be.within(0.9 * foreseen, 1.1 * foreseen + 2 ** 20);
    }
    await own.dispose();
  });

  it("foresees gates and memory that grow with rows, and refuses what no memory holds", () => {
    const shape = { inputBits: 8, weightBits: 8, layers: [dense(784, 128, "relu", 10), dense(128, 10, "none")] };
    const foresee = (rows: number) => preflight({ shape, rows, predicate: "accuracy", committed: false });
    const [small, large] = [foresee(1000), foresee(2000)];
    expect(small.proofBytes).to.be.below(400_000);
    expect(small.memoryBytes).to.be.below(2 ** 30);
    expect(large.gates).to.be.above(1.6 * small.gates);
    expect(large.memoryBytes).to.be.above(small.memoryBytes);
    expect(() => foresee(100_000)).to.throw(SaleTooLargeError, "GiB of WebAssembly memory");
  });
});
