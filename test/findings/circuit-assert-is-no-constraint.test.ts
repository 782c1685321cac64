import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { reduce } from "@zkcmp/field/element";
import { checkWitness } from "@zkcmp/groth16/r1cs";
import { UnsatisfiedCircuitError } from "@zkcmp/groth16/witness-calculator";
import { decodeWitness, encodeWitness } from "@zkcmp/groth16/wtns";
import { expect } from "chai";
import { CircuitUnderTest, COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";

/**
 * The attack: a circuit bounds a value with `assert(...)`, or assigns it with `<--` and trusts the calculator. Both act
 * when the witness is calculated and leave no constraint. A prover who writes the numbers straight into the .wtns file
 * proves what the calculator would have refused.
 * Refused because the circuits have no assert and no `<--` of their own, and an edited witness file fails a constraint.
 */
describe("finding: an assert is no constraint", function () {
  this.timeout(COMPILE_TIMEOUT);

  it("has no assert and no unconstrained assignment in the circuits", () => {
    const folder = fileURLToPath(new URL("../../circuits", import.meta.url));
    const files = globSync("**/*.circom", { cwd: folder });
    expect(files.length).to.be.at.least(8);
    for (const file of files) {
      const code = readFileSync(join(folder, file), "utf8").replace(/\/\/.*|\/\*[^]*?\*\//g, "");
      expect(code, file).to.not.match(/\bassert\s*\(/);
      expect(code, file).to.not.match(/<--|-->/);
    }
  });

  it("refuses an edited witness file that the calculator would not have written", async () => {
    const circuit = await CircuitUnderTest.compile("network/activation.circom", "Activation(0, 8, 3)");
    const tooLarge = 10n ** 6n;
    let refused: unknown;
    try {
      await circuit.calculate({ z: tooLarge });
    } catch (error) {
      refused = error;
    }
    expect(refused).to.be.instanceOf(UnsatisfiedCircuitError);

    // Every value that the circuit would give for it, in a file of the right format.
    const honest = await circuit.calculate({ z: 5n });
    for (const forged of [
      circuit.forge(honest, { z: tooLarge }),
      circuit.forge(honest, { z: tooLarge, h: tooLarge >> 3n }),
      circuit.forge(honest, { z: tooLarge, "bits.out[3]": tooLarge >> 3n, "bits.out[0]": reduce(tooLarge & 7n) }),
    ]) {
      const file = encodeWitness(forged.values);
      expect(checkWitness(circuit.r1cs, decodeWitness(file))).to.not.equal(null);
    }
    expect(checkWitness(circuit.r1cs, decodeWitness(encodeWitness(honest.values)))).to.equal(null);
  });
});
