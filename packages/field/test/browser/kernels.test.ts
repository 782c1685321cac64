import { expect } from "chai";
import { createReferenceKernels } from "../../src/kernels/reference-kernels.ts";
import { CHROMIUM, NO_CHROMIUM, type OpenProgram, openProgram, type Surroundings } from "./chromium.ts";
import { type run, sampleResults } from "./kernel-program.ts";

type Program = OpenProgram<Parameters<typeof run>[0], Awaited<ReturnType<typeof run>>>;

describe("kernels in a browser", function () {
  this.timeout(60_000);
  if (CHROMIUM === null) return void it.skip(NO_CHROMIUM);
  const file = new URL("./kernel-program.ts", import.meta.url);
  let program: Program;
  let expected: ReturnType<typeof sampleResults>;
  before(async () => {
    program = await openProgram(file);
    expected = sampleResults(createReferenceKernels());
  });
  after(() => program.close());

  const places: readonly (readonly [string, Surroundings, asked: number, threads: number])[] = [
    ["in a worker of an isolated page, two threads", { isolated: true, inWorker: true }, 2, 2],
    ["there with one thread", { isolated: true, inWorker: true }, 1, 1],
    ["in a worker of a page that is not isolated, one thread", { isolated: false, inWorker: true }, 2, 1],
    ["in an isolated page itself, which may not wait, one thread", { isolated: true, inWorker: false }, 2, 1],
    ["in any page itself, one thread", { isolated: false, inWorker: false }, 2, 1],
  ];
  for (const [name, surroundings, asked, threads] of places) {
    it(`equal the reference: ${name}`, async () => {
      const got = await program.run({ threads: asked }, surroundings);
      expect(got.threads).to.equal(threads);
      expect(got.results).to.deep.equal(expected);
    });
  }

  it("say that threads do not start where their file is missing", async () => {
    const alone: Program = await openProgram(file, false);
    try {
      const surroundings = { isolated: true, inWorker: true };
      expect((await alone.run({ threads: 1 }, surroundings)).threads).to.equal(1);
      const refused = await alone.run({ threads: 2 }, surroundings).catch((error: unknown) => error as Error);
      expect((refused as Error).message).to.contain("KernelThreadError: a worker thread of the kernels did not start");
    } finally {
      await alone.close();
    }
  });
});
