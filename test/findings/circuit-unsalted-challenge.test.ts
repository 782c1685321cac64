import { type FieldElement, reduce } from "@zkcmp/field/element";
import { poseidonSponge } from "@zkcmp/field/poseidon";
import { publicSignals } from "@zkcmp/groth16/public-statement";
import { saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { packSlots, saleCircuitInput } from "@zkcmp/groth16/sale-witness";
import { forward } from "@zkcmp/network/inference";
import type { Network } from "@zkcmp/network/network";
import { createTestSet } from "@zkcmp/network/testset";
import { DOMAIN } from "@zkcmp/sale/domains";
import { cipherKeyOf } from "@zkcmp/sale/seal";
import { expect } from "chai";
import { networkOf, saleFixture } from "../../packages/groth16/test/sale-fixture.ts";

/**
 * The attack: the challenge of the product check is public and hashes the pre-activations, which follow from weights and
 * public rows. Without a secret in the hash it is a commitment to the weights without salt: try weights, compute the
 * challenge, compare. A published accuracy proof leaked 11 of 11 weights in seconds through such hashes.
 * Refused because the cipher key K, 254 secret bits, is hashed first.
 */
describe("finding: unsalted challenge", function () {
  this.timeout(60_000);
  /** 256 possible networks. */
  const shape = {
    inputBits: 2,
    weightBits: 2,
    layers: [{ inputs: 1, outputs: 2, activation: "none", shift: 0, biasShift: 0 }],
  } as const;
  const candidates = Array.from({ length: 256 }, (_, i) =>
    networkOf(
      shape,
      [0, 2, 4, 6].map((position) => ((i >> position) & 3) - 2),
    ),
  );
  const secretNetwork = candidates[0b11_01_10_00]!;
  const testSet = createTestSet({ inputBits: 2, classes: 2, rows: [[0], [1], [3]], labels: [0, 1, 0] });

  it("gives no candidate away, where the same hash without K gives the network away", async () => {
    const circuit = saleCircuit(shape, testSet.rows.length);
    const { statement, witness } = await saleFixture(secretNetwork, testSet, 1);
    const { challenge } = saleCircuitInput(circuit, statement, witness);
    const signals = publicSignals(circuit, statement, challenge);
    const { keyCommitment, bindingCommitment } = statement.core;

    const challengeOf = (network: Network, first: FieldElement) =>
      poseidonSponge(
        [
          first,
          keyCommitment,
          bindingCommitment,
          statement.coreDigest,
          statement.dealId,
          statement.rowsDigest,
          ...testSet.rows.flatMap((row) =>
            forward(network, row).flatMap(({ z }, l) => packSlots(z, circuit.slots[l]!)),
          ),
        ],
        DOMAIN.challenge,
      );

    // The hash is the circuit's, and unsalted it singles the network out.
    const { key, secret } = witness.secrets;
    expect(challengeOf(secretNetwork, cipherKeyOf(key, secret))).to.equal(challenge);
    const unsalted = challengeOf(secretNetwork, reduce(0n));
    expect(candidates.filter((network) => challengeOf(network, reduce(0n)) === unsalted)).to.deep.equal([
      secretNetwork,
    ]);

    // What a stranger can put in the place of K, before and after the chain has shown k and d.
    const guesses = [keyCommitment, key].map(reduce);
    const reproduced = candidates.flatMap((network) =>
      guesses.map((guess) => challengeOf(network, guess)).filter((value) => signals.includes(value)),
    );
    expect(reproduced).to.deep.equal([]);
    expect(signals).to.not.include(unsalted);
  });
});
