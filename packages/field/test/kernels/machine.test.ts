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

  it("tells of a trap when all threads are idle again, and then goes on", async () => {
    const machine = await KernelMachine.start(3);
    try {
      const count = 3 * 100_000;
      const [bytes, out] = [machine.memory.allocate(count), machine.memory.allocate(ELEMENT_BYTES * count)];
      machine.memory.bytes(bytes, count).fill(1);
      const elements = machine.memory.words(out, (ELEMENT_BYTES / 4) * count);
      const written = (i: number) => elements[(ELEMENT_BYTES / 4) * i] !== 0;
      const last = count - 1;
      for (const trapping of [[0], [1], [2], [0, 1], [1, 2], [0, 1, 2]]) {
        elements.fill(0);
        const run = () =>
          machine.run("expand.u8", count, 1, (thread) => [bytes, trapping.includes(thread) ? 2 ** 31 : out]);
        expect(run, `threads ${trapping.join()}`).to.throw(KernelTrapError, "the kernel expand.u8 stopped");
        expect(written(last), `threads ${trapping.join()}`).to.equal(!trapping.includes(2));
        expect(machine.run("expand.u8", count, 1, () => [bytes, out])).to.equal(3);
        expect([0, count / 3, last].map(written)).to.deep.equal([true, true, true]);
      }
      expect(() => machine.run("none", 3, 1, () => [])).to.throw(RangeError, "there is no kernel none");
    } finally {
      await machine.dispose();
    }
  });

  it("waits for every call when the calls' numbers wrap", async () => {
    const machine = await KernelMachine.start(2, 2 ** 31 - 3);
    try {
      const count = 20_000;
      const [bytes, out] = [machine.memory.allocate(count), machine.memory.allocate(ELEMENT_BYTES * count)];
      machine.memory.bytes(bytes, count).fill(1);
      const elements = machine.memory.words(out, (ELEMENT_BYTES / 4) * count);
      for (let call = 0; call < 12; call++) {
        elements.fill(0);
        machine.run("expand.u8", count, 1, () => [bytes, out]);
        expect(elements[(ELEMENT_BYTES / 4) * (count - 1)], `call ${call}`).to.not.equal(0);
      }
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
