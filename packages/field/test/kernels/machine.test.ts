import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createKernels } from "../../src/kernels/create-kernels.ts";
import { KernelTrapError } from "../../src/kernels/kernel-error.ts";
import { ELEMENT_BYTES } from "../../src/kernels/limbs.ts";
import { KernelMachine } from "../../src/kernels/machine.ts";

describe("the machine that runs kernels", () => {
  it("covers a range once, on as many threads as are worth it", async () => {
    const machine = await KernelMachine.start(3);
    try {
      expect(machine.threads).to.equal(3);
      const count = 100;
      const [bytes, out] = [machine.memory.allocate(count), machine.memory.allocate(ELEMENT_BYTES * count)];
      machine.memory.bytes(bytes, count).fill(1);
      for (const [least, parts] of [
        [1, 3],
        [34, 2],
        [51, 1],
        [1000, 1],
      ] as const) {
        machine.memory.bytes(out, ELEMENT_BYTES * count).fill(0);
        const asked: number[] = [];
        const took = machine.run("expand.u8", count, least, (thread) => {
          asked.push(thread);
          return [bytes, out];
        });
        expect(took, `at least ${least}`).to.equal(parts);
        expect(asked.sort()).to.deep.equal([0, 1, 2].slice(0, parts));
        const elements = machine.memory.words(out, (ELEMENT_BYTES / 4) * count);
        const written = Array.from({ length: count }, (_, i) => elements[(ELEMENT_BYTES / 4) * i] !== 0);
        expect(written).to.deep.equal(new Array(count).fill(true));
      }
      expect(machine.run("expand.u8", 0, 1, () => [bytes, out])).to.equal(0);
    } finally {
      await machine.dispose();
    }
  });

  it("tells of a trap on another thread", async () => {
    const machine = await KernelMachine.start(2);
    try {
      const bytes = machine.memory.allocate(8);
      // Only the second thread's half is outside the memory.
      const run = () => machine.run("expand.u8", 8, 1, (thread) => [bytes, thread === 0 ? bytes : 2 ** 32 - 512]);
      expect(run).to.throw(KernelTrapError);
    } finally {
      await machine.dispose();
    }
  });

  it("does not keep the process alive", () => {
    const folder = mkdtempSync(join(tmpdir(), "zkcmp-kernels-"));
    const source = new URL("../../src/kernels/create-kernels.ts", import.meta.url).href;
    const program = join(folder, "program.mjs");
    try {
      writeFileSync(program, `import { createKernels } from "${source}"; await createKernels({ threads: 2 });`);
      const { status, stderr } = spawnSync(process.execPath, [program], { timeout: 20_000, encoding: "utf8" });
      expect(status, stderr).to.equal(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }).timeout(30_000);

  it("takes the processor's cores unless told otherwise", async () => {
    const [own, one] = [await createKernels(), await createKernels({ threads: 1 })];
    expect(own.threads).to.equal(Math.min(availableParallelism(), 8));
    expect(one.threads).to.equal(1);
    await Promise.all([own.dispose(), one.dispose()]);
  });
});
