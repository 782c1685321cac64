import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { expect } from "chai";
import { COMPILE_TIMEOUT } from "./circuit-under-test.ts";

describe("a development key", function () {
  this.timeout(COMPILE_TIMEOUT);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-key-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is one key for two who make it at the same time", async () => {
    const layer = { inputs: 2, outputs: 2, activation: "none", shift: 0, biasShift: 0 } as const;
    const circuit = saleCircuit({ inputBits: 2, weightBits: 2, layers: [layer] }, 1, {
      predicate: "accuracy",
      committed: false,
    });
    const [first, second] = await Promise.all(
      ["first", "second"].map((name) => developmentKey(circuit, join(folder, name), { buildFolder: folder })),
    );
    expect(second).to.deep.equal(first);
  });
});
