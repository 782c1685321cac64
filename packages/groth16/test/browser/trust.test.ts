import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { CHROMIUM, NO_CHROMIUM, type OpenProgram, openProgram } from "../../../field/test/browser/chromium.ts";
import { endCurve } from "../../src/curve.ts";
import { hashFile } from "../../src/new-file.ts";
import { encodeProof } from "../../src/proof.ts";
import { addTrustedKey } from "../../src/trust-store.ts";
import { verificationKeyHash } from "../../src/verification-key.ts";
import { proveToy, removeFolder, temporaryFolder, type ToyProof } from "../toy.ts";
import type { TrustInput, TrustOutput } from "./trust-program.ts";

describe("trusted keys in a browser", function () {
  this.timeout(120_000);
  if (CHROMIUM === null) return void it.skip(NO_CHROMIUM);
  let program: OpenProgram<TrustInput, TrustOutput>;
  let folder: string;
  let toy: ToyProof;
  let input: TrustInput;
  before(async () => {
    program = await openProgram(new URL("./trust-program.ts", import.meta.url), false);
    folder = await temporaryFolder();
    toy = await proveToy("mixed", folder);
    const zkeySha256 = await hashFile(toy.zkey, "sha256");
    const path = join(folder, "trusted-keys.json");
    await addTrustedKey(path, {
      ...{ circuit: "mixed", r1csSha256: toy.circuit.r1csSha256, zkeySha256 },
      ...{ verificationKey: toy.key, provenance: { kind: "development" } },
    });
    const proof = [...encodeProof(toy.proof)];
    input = { store: await readFile(path, "utf8"), zkeySha256, signals: toy.publicSignals.map(String), proof };
  });
  after(async () => {
    await endCurve();
    await program.close();
    await removeFolder(folder);
  });

  // The pages of openProgram allow no eval and no workers made of text.
  for (const inWorker of [true, false]) {
    it(`are taken over, checked, and verify as in Node, ${inWorker ? "in a worker" : "in a page"}`, async () => {
      const surroundings = { isolated: true, inWorker };
      const keyHash = verificationKeyHash(toy.key);
      const answer = await program.run(input, surroundings);
      expect(answer).to.deep.equal({ circuits: ["mixed"], keyHash, refused: null });
      const signals = [String(toy.publicSignals[0]! + 1n), ...input.signals.slice(1)];
      expect((await program.run({ ...input, signals }, surroundings)).refused).to.equal("PairingError");
    });
  }

  it("are refused with a point outside its group", async () => {
    const { verificationKey } = (JSON.parse(input.store) as { keys: { verificationKey: { vk_beta_2: string[][] } }[] })
      .keys[0]!;
    const store = input.store.replace(verificationKey.vk_beta_2[1]![0]!, verificationKey.vk_beta_2[1]![1]!);
    const refused = await program.run({ ...input, store }, { isolated: true, inWorker: true }).catch(String);
    expect(refused).to.match(/Point beta does not lie on the curve/);
  });
});
