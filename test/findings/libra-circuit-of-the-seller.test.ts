import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fieldFromBytes, reduce } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { beginTranscript } from "@zkcmp/libra/argument";
import { ProofRefusedError } from "@zkcmp/libra/proof";
import { createLibra } from "@zkcmp/libra/proof-system";
import { salePublicData } from "@zkcmp/libra/sale/public-data";
import { saleSystemOf } from "@zkcmp/libra/sale/sale-system";
import { Transcript } from "@zkcmp/libra/transcript";
import type { NetworkShape } from "@zkcmp/network/shape";
import { ciphertextDigest } from "@zkcmp/sale/ciphertext";
import { type Core, coreDigest } from "@zkcmp/sale/core";
import type { SaleStatement } from "@zkcmp/sale/statement";
import { expect } from "chai";
import { errorOf } from "../../packages/groth16/test/toy.ts";
import { createDeal, networkOf, SHAPE, testSetFor, withThreshold } from "../../packages/sale/test/fixture.ts";

/**
 * The attack: Fiat-Shamir makes GKR's coins from a hash of what was said. If the prover may choose the circuit, it takes one that computes
 * that hash itself: the circuit finds out, from its own input, at which points it will be checked, and answers rightly there and nowhere
 * else. The interactive protocol is sound, and a proof of a false statement comes out (published in 2025, for real systems).
 * Refused by three rules, of which each would do: circuits follow from the shape of the network, the number of rows, the predicate
 * and whether there is an M, and nothing else; the transcript's hash is SHA-256, and no circuit has more in it than Poseidon; and
 * the system and the whole statement are hashed before the first coin.
 */
describe("finding: circuit of the seller's choice", function () {
  this.timeout(30_000);
  const digestOf = (statement: SaleStatement) => saleSystemOf(statement).argument.digest;

  it("leaves the seller nothing to choose: other weights, keys, rows and thresholds have the same system", async () => {
    const [network, other] = [networkOf(SHAPE, 1), networkOf(SHAPE, 2)];
    const deals = [
      await createDeal({ network, testSet: testSetFor(network, 24, 22, 1) }),
      await createDeal({ network: other, testSet: testSetFor(other, 24, 20, 3), order: { threshold: 7 } }),
    ];
    const [first, second] = deals.map(({ statement }) => saleSystemOf(statement).argument);
    expect(second).to.deep.equal(first);
  });

  it("has another system for another shape, number of rows, or M", async () => {
    const wider = {
      ...SHAPE,
      layers: [
        { ...SHAPE.layers[0]!, outputs: 7 },
        { ...SHAPE.layers[1]!, inputs: 7 },
      ],
    };
    const shifted = { ...SHAPE, layers: [{ ...SHAPE.layers[0]!, shift: 5 }, SHAPE.layers[1]!] };
    const networks = [SHAPE, wider, shifted].map((shape) => networkOf(shape));
    const deals = await Promise.all(networks.map((network) => createDeal({ network, testSet: testSetFor(network) })));
    const fewer = await createDeal({ network: networks[0]!, testSet: testSetFor(networks[0]!, 23, 22) });
    const committed = await createDeal({ network: networks[0]!, modelSalt: reduce(5n) });
    const digests = [...deals, fewer, committed].map(({ statement }) => digestOf(statement).join());
    expect(new Set(digests).size).to.equal(digests.length);
  });

  it("hashes the system and all of the statement before the first coin", async () => {
    const { statement } = await createDeal();
    const { core, provenRows } = statement;
    const withCore = (changed: Partial<Core>): SaleStatement => {
      const own = { ...core, ...changed };
      return { ...statement, core: own, coreDigest: coreDigest(own) };
    };
    const labels = provenRows.labels.map((label, i) => (i === 3 ? (label + 1) % 3 : label));
    const rows = provenRows.rows.map((row, i) => (i === 5 ? row.with(2, (row[2]! + 1) % 16) : row));
    const ciphertext = statement.ciphertext.with(0, reduce(statement.ciphertext[0]! + 1n));
    const statements: SaleStatement[] = [
      statement,
      { ...statement, dealId: reduce(statement.dealId + 1n) },
      { ...statement, rowsDigest: reduce(statement.rowsDigest + 1n) },
      withThreshold(statement, statement.threshold - 1),
      { ...statement, provenRows: { ...provenRows, labels } },
      { ...statement, provenRows: { ...provenRows, rows } },
      { ...withCore({ ciphertextDigest: ciphertextDigest(ciphertext) }), ciphertext },
      withCore({ keyCommitment: reduce(core.keyCommitment + 1n) }),
      withCore({ bindingCommitment: reduce(core.bindingCommitment + 1n) }),
      withCore({ modelCommitment: reduce(1n) }),
      withCore({ scales: core.scales.map((scale) => 2 * scale) }),
    ];
    const coins = statements.map((own) =>
      beginTranscript(saleSystemOf(own).argument, salePublicData(own).encoding, new Uint8Array(64)).challenge("first"),
    );
    expect(new Set(coins).size).to.equal(coins.length);
  });

  it("refuses a proof that was made for another circuit, down to one coefficient", async () => {
    const libra = createLibra({ threads: 1 });
    const network = networkOf();
    const core = { proofSystem: libra.id, keyFiles: libra.keyFiles };
    const { statement, secrets } = await createDeal({ network, testSet: testSetFor(network), core });
    const proof = await libra.prove(statement, { network, secrets });
    await libra.verify(statement, proof);

    const withShape = (shape: NetworkShape): SaleStatement => {
      const own = { ...statement.core, shape };
      return { ...statement, core: own, coreDigest: coreDigest(own) };
    };
    // The bias of the first layer counts half as much: the tables have the same sizes, and so has the proof.
    const [first, last] = [SHAPE.layers[0]!, SHAPE.layers[1]!];
    const similar = withShape({ ...SHAPE, layers: [{ ...first, biasShift: first.biasShift - 1 }, last] });
    expect(saleSystemOf(similar).argument.tables).to.deep.equal(saleSystemOf(statement).argument.tables);
    expect(await errorOf(libra.verify(similar, proof))).to.be.instanceOf(ProofRefusedError);

    const square = withShape({ ...SHAPE, layers: [{ ...first, activation: "square", shift: 0 }, last] });
    const { rows, labels } = statement.provenRows;
    const fewer = { ...statement.provenRows, rows: rows.slice(1), labels: labels.slice(1) };
    for (const other of [square, { ...statement, provenRows: fewer }]) {
      expect(await errorOf(libra.verify(other, proof))).to.be.instanceOf(ZkcmpError);
    }
  });

  it("takes its coins from SHA-256", () => {
    const sha256 = (...parts: (string | readonly number[] | Uint8Array)[]) => {
      const hash = createHash("sha256");
      for (const part of parts) hash.update(typeof part === "string" ? part : Uint8Array.from(part));
      return new Uint8Array(hash.digest());
    };
    const state = sha256(sha256("zkcmp/libra/transcript/v1"), [0, 7], "message", [0, 0, 0, 3], "abc");
    const halves = [0, 1].map((part) => sha256(state, [1, 4], "coin", [part]));
    const transcript = new Transcript();
    transcript.absorb("message", new TextEncoder().encode("abc"));
    expect(transcript.challenge("coin")).to.equal(fieldFromBytes(Uint8Array.from([...halves[0]!, ...halves[1]!])));

    const source = readFileSync(new URL(import.meta.resolve("@zkcmp/libra/transcript")), "utf8");
    expect(source).to.not.include("poseidon");
  });
});
