import { expect } from "chai";
import fc from "fast-check";
import { stat } from "node:fs/promises";
import { endCurve } from "../src/curve.ts";
import {
  type CircuitSize,
  PreflightError,
  circuitSize,
  describePreflight,
  estimate,
  preflight,
} from "../src/preflight.ts";
import { CircuitTooLargeError } from "../src/qap.ts";
import { readR1cs } from "../src/r1cs.ts";
import { errorOf, proveToy, removeFolder, temporaryFolder } from "./toy.ts";

const size = (constraintCount: number): CircuitSize => ({
  constraintCount,
  wireCount: constraintCount,
  publicCount: 100,
  proverTerms: 5 * constraintCount,
  allTerms: 12 * constraintCount,
});

describe("preflight", function () {
  this.timeout(60_000);
  after(endCurve);

  for (const name of ["cubic", "mixed", "hash-chain"] as const) {
    it(`foresees the exact size of the key file (${name})`, async () => {
      const folder = await temporaryFolder();
      const { circuit, zkey } = await proveToy(name, folder);
      const { zkeyBytes } = estimate(circuitSize(await readR1cs(circuit.r1csPath)));
      expect(zkeyBytes).to.equal((await stat(zkey)).size);
      await removeFolder(folder);
    });
  }

  it("grows with the circuit and shrinks with the cores", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 1_000_000 }), fc.integer({ min: 1, max: 64 }), (constraints, cores) => {
        const [small, large] = [estimate(size(constraints), cores), estimate(size(2 * constraints), cores)];
        for (const key of ["zkeyBytes", "memoryBytes", "developmentKeySeconds", "ceremonySeconds"] as const) {
          expect(large[key]).to.be.greaterThan(small[key]);
        }
        expect(large.proofSeconds[0]).to.be.greaterThan(small.proofSeconds[0]);
        expect(small.proofSeconds[1]).to.be.greaterThan(small.proofSeconds[0]);
        expect(estimate(size(constraints), cores + 1).proofSeconds[1]).to.be.lessThan(small.proofSeconds[1]);
      }),
    );
  });

  it("needs the next domain as soon as constraints, public signals and the constant pass a power of two", () => {
    expect(estimate(size(2 ** 16 - 101)).domainPower).to.equal(16);
    expect(estimate(size(2 ** 16 - 100)).domainPower).to.equal(17);
  });

  it("refuses circuits beyond the limits and names a smaller choice", async () => {
    const tooLarge = await errorOf((async () => preflight(size(2 ** 20), { memoryBytes: Infinity }))());
    expect(tooLarge).to.be.instanceOf(PreflightError);
    expect(tooLarge.message)
      .to.include("2^20 constraints")
      .and.to.include("1,048,576")
      .and.to.include("sample of the rows");
    const tooHungry = await errorOf((async () => preflight(size(100_000), { memoryBytes: 2 ** 28 }))());
    expect(tooHungry).to.be.instanceOf(PreflightError);
    expect(tooHungry.message).to.include("0.25 GiB of memory");
    expect(preflight(size(100_000), { memoryBytes: 2 ** 31 }).domainPower).to.equal(17);
    expect(() => estimate(size(2 ** 27))).to.throw(CircuitTooLargeError);
  });

  it("says it in one line", () => {
    expect(describePreflight(estimate(size(65_000), 2))).to.match(
      /^65,000 constraints \(domain 2\^16\), key file 0\.\d\d GiB, memory 0\.\d\d GiB, development key \d+ s, ceremony \d+ (s|min) a party, proof \d+ s to \d+ s$/,
    );
  });
});
