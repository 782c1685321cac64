import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { checkCircuitProof, ProvingKeyError } from "@zkcmp/groth16/circuit-check";
import { type ProvableCircuit, proveCircuit } from "@zkcmp/groth16/circuit-proof";
import type { Proof } from "@zkcmp/groth16/proof";
import { addTrustedKey, findTrustedKey } from "@zkcmp/groth16/trust-store";
import { CircuitKeyAmbiguousError, CircuitKeyMissingError, trustedKey } from "@zkcmp/groth16/trusted-circuit-key";
import { DevelopmentKeyError } from "@zkcmp/groth16/verification-key";
import { PairingError, SignalCountError, SignalNotCanonicalError } from "@zkcmp/groth16/verify";
import { UnsatisfiedCircuitError } from "@zkcmp/groth16/witness-calculator";
import { roundCircuit } from "@zkcmp/shapley/round-circuit";
import { solveRound } from "@zkcmp/shapley/round-solution";
import { roundCircuitInput } from "@zkcmp/shapley/round-witness";
import { expect } from "chai";
import { COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { roundExample } from "./round-example.ts";

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  );
}

describe("a proof of a round", function () {
  this.timeout(COMPILE_TIMEOUT);
  const { shape, input, solution, circuitInput } = roundExample();
  const circuit = roundCircuit(shape);
  let folder: string;
  let trustStore: string;
  let keyed: ProvableCircuit;
  let zkeyPath: string;
  let proof: Proof;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-round-"));
    trustStore = join(folder, "trusted-keys.json");
    const key = await developmentKey(circuit, trustStore);
    ({ zkeyPath } = key);
    keyed = { circuit, key: await trustedKey(circuit, trustStore, true), trustStore, development: true };
    expect(keyed.key).to.deep.equal({ r1csSha256: key.r1csSha256, zkeySha256: key.zkeySha256 });
    const proven = await proveCircuit(keyed, { zkeyPath }, () => circuitInput);
    expect(proven.publicSignals).to.deep.equal(solution.publicSignals);
    ({ proof } = proven);
  });

  after(async () => {
    await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
    await rm(folder, { recursive: true, force: true });
  });

  it("is valid for its public signals", async () => {
    await checkCircuitProof(keyed, solution.publicSignals, proof);
  });

  it("is refused with any one public signal changed", async () => {
    for (const [place, signal] of solution.publicSignals.entries()) {
      for (const other of [signal + 1n, signal ^ 1n, 0n]) {
        if (other === signal) continue;
        const signals = solution.publicSignals.with(place, (other % FIELD_ORDER) as typeof signal);
        expect(await rejection(checkCircuitProof(keyed, signals, proof)), `signal ${place}`).to.be.instanceOf(
          PairingError,
        );
      }
      const alias = [...solution.publicSignals.slice(0, place), signal + FIELD_ORDER];
      const signals = [...alias, ...solution.publicSignals.slice(place + 1)];
      expect(await rejection(checkCircuitProof(keyed, signals, proof))).to.be.instanceOf(SignalNotCanonicalError);
    }
    const short = solution.publicSignals.slice(1);
    expect(await rejection(checkCircuitProof(keyed, short, proof))).to.be.instanceOf(SignalCountError);
  });

  it("is refused for another round, also one of the same data", async () => {
    const other = solveRound(shape, { ...input, roundId: input.roundId + 1n });
    expect(other.values).to.deep.equal(solution.values);
    expect(await rejection(checkCircuitProof(keyed, other.publicSignals, proof))).to.be.instanceOf(PairingError);
  });

  it("does not exist for models that are not the coalitions'", async () => {
    const thetas = solution.thetas.with(1, solution.thetas[2]!);
    const wrong = roundCircuitInput(shape, input, { ...solution, thetas });
    expect(await rejection(proveCircuit(keyed, { zkeyPath }, () => wrong))).to.be.instanceOf(UnsatisfiedCircuitError);
  });

  it("needs the key of this circuit, named and verified here", async () => {
    const inputs = () => circuitInput;
    expect(await rejection(proveCircuit(keyed, {}, inputs))).to.be.instanceOf(ProvingKeyError);
    const stranger = { ...keyed, key: { ...keyed.key, zkeySha256: `0x${"11".repeat(32)}` } } as const;
    expect(await rejection(proveCircuit(stranger, { zkeyPath }, inputs))).to.be.instanceOf(ProvingKeyError);
    const wrongSystem = { ...keyed, key: { ...keyed.key, r1csSha256: `0x${"22".repeat(32)}` } } as const;
    expect(await rejection(proveCircuit(wrongSystem, { zkeyPath }, inputs))).to.be.instanceOf(ProvingKeyError);
    for (const wrong of [wrongSystem, { ...keyed, circuit: { ...circuit, name: "shapley-round-v0" } }]) {
      const refusal = await rejection(checkCircuitProof(wrong, solution.publicSignals, proof));
      expect(refusal).to.be.instanceOf(ProvingKeyError);
    }
    const onMainnet = { ...keyed, development: false };
    const refusal = await rejection(checkCircuitProof(onMainnet, solution.publicSignals, proof));
    expect(refusal).to.be.instanceOf(DevelopmentKeyError);
  });

  it("asks for a key where there is none, or which one where there are several", async () => {
    expect(await rejection(trustedKey(circuit, trustStore, false))).to.be.instanceOf(CircuitKeyMissingError);
    expect(await rejection(trustedKey({ ...circuit, name: "training-v1" }, trustStore, true))).to.be.instanceOf(
      CircuitKeyMissingError,
    );
    const key = await findTrustedKey(trustStore, keyed.key.zkeySha256.slice(2), { development: true });
    await addTrustedKey(trustStore, { ...key, zkeySha256: "33".repeat(32) });
    expect(await rejection(trustedKey(circuit, trustStore, true))).to.be.instanceOf(CircuitKeyAmbiguousError);
  });
});
