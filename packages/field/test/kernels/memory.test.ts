import { expect } from "chai";
import { KernelMemoryError } from "../../src/kernels/kernel-error.ts";
import { KernelMemory } from "../../src/kernels/memory.ts";

for (const shared of [false, true]) {
  describe(`${shared ? "shared" : "unshared"} memory of the kernels`, () => {
    it("is a stack whose scopes give back what was taken", () => {
      const memory = new KernelMemory(shared);
      const first = memory.allocate(5);
      const inner = memory.scope(() => memory.allocate(16));
      expect(first % 8).to.equal(0);
      expect(inner).to.equal(first + 8);
      expect(memory.allocate(1)).to.equal(inner);
    });

    it("keeps its content when it grows", () => {
      const memory = new KernelMemory(shared);
      const first = memory.allocate(8);
      memory.words(first, 2).set([7, 8]);
      const large = memory.allocate(2 ** 26);
      memory.bytes(large + 2 ** 26 - 1, 1)[0] = 9;
      expect([...memory.words(first, 2)]).to.deep.equal([7, 8]);
    });

    it("says when there is no more, and lives on", () => {
      const memory = new KernelMemory(shared);
      expect(() => memory.allocate(2 ** 32)).to.throw(KernelMemoryError, "4097 MiB");
      const address = memory.allocate(64);
      memory.bytes(address, 64).fill(1);
    });
  });
}
