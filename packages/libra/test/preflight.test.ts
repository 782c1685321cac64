import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import type { Network } from "@zkcmp/network/network";
import type { TestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { networkOf, regressionNetworkOf, targetSetFor, testSetFor } from "../../sale/test/fixture.ts";
import { columnsOf, rowsOf } from "../src/argument.ts";
import { preflight, SaleTooLargeError } from "../src/preflight.ts";
import { proofBytes } from "../src/proof.ts";
import { salePublicData } from "../src/sale/public-data.ts";
import { saleSystemOf } from "../src/sale/sale-system.ts";
import { verifySale } from "../src/sale/verifier.ts";
import { verifyTableClaims } from "../src/verifier/table-claims.ts";
import { CountingChannel } from "./sale/counting-channel.ts";
import { SALT, saleCase } from "./sale/sale-case.ts";
import { dense } from "./sale/shapes.ts";

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
