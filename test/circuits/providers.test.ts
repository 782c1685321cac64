import { reduce, toFieldElement } from "@zkcmp/field/element";
import { gramOf } from "@zkcmp/shapley/gram";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import { commitSamples, registryOf } from "@zkcmp/shapley/sample-commitment";
import { expect } from "chai";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned, templateSignals } from "./pinned-signals.ts";
import { samples, upperTriangle } from "./round-example.ts";

const SHAPE: RoundShape = {
  providers: 3,
  rows: 2,
  features: 1,
  outputs: 1,
  dataBits: 8,
  fractionBits: 24,
  integerBits: 6,
  validationRows: 0,
};
const roundId = 77n;
const providers = [
  { payee: 0xaaaan, salt: toFieldElement(1n), samples: samples([10, 20], [30, 40]) },
  { payee: 0xbbbbn, salt: toFieldElement(2n), samples: samples([50, 60]) },
];

const zeroRows = [
  [0n, 0n],
  [0n, 0n],
];

/** Two providers in three slots. */
const input = {
  roundId,
  providers: 2n,
  active: [1n, 1n, 0n],
  payees: [0xaaaan, 0xbbbbn, 0n],
  salts: [1n, 2n, 0n],
  digits: [
    [
      [10n, 20n],
      [30n, 40n],
    ],
    [
      [50n, 60n],
      [0n, 0n],
    ],
    zeroRows,
  ],
  used: [
    [1n, 1n],
    [1n, 0n],
    [0n, 0n],
  ],
};

describe("Providers", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    circuit = await CircuitUnderTest.compile("shapley/providers.circom", "Providers(3, 2, 1, 1, 8)");
    honest = await circuit.calculate(input);
  });

  it("gives the registry of the contract and every slot's Gram matrix", () => {
    circuit.expectAccepted(honest);
    const entries = providers.map((provider) => ({
      payee: provider.payee,
      commitment: commitSamples(SHAPE, { roundId, ...provider }),
    }));
    expect(circuit.get(honest, "registry")).to.equal(registryOf(entries));
    const grams = [...providers.map((provider) => provider.samples), samples()].map((rows) => gramOf(SHAPE, rows));
    grams.forEach((gram, slot) => {
      expect(circuit.list(honest, `gram[${slot}]`)).to.deep.equal(upperTriangle(gram.features).map(reduce));
      const targets = [0, 1].map((a) => circuit.list(honest, `targets[${slot}][${a}]`));
      expect(targets).to.deep.equal(gram.targets.map((row) => row.map(reduce)));
    });
    expect(circuit.get(honest, "squares")).to.equal(grams.reduce((sum, { squares }) => sum + squares, 0n));
  });

  it("refuses any other value that it passes on", () => {
    // A slot's switch and rows have checks of their own, so these are forged below.
    const own = /^samples\[\d\]\.(used|digits|count)|^registration\[\d\]\.active/;
    const signals = templateSignals(circuit).filter((name) => !own.test(name));
    expect(signals).to.include.members(["registry", "registration[1].before", "gram[2][1]", "squares"]);
    expectEachPinned(circuit, honest, signals);
  });

  it("refuses rows of a slot other than the committed ones", () => {
    const names = (kind: string) => [0, 1].flatMap((i) => [0, 1].map((j) => `samples[0].${kind}[${i}][${j}]`));
    const other = {
      "digits[0]": [
        [11n, 20n],
        [30n, 40n],
      ],
    };
    circuit.expectRejected(circuit.forge(honest, other, names("digits")), "samples[0].digits[0][0]");
    const fewer = circuit.forge(honest, { "used[0]": [1n, 0n] }, ["samples[0].used[0]", "samples[0].used[1]"]);
    circuit.expectRejected(fewer, "samples[0].used[1]");
  });

  it("refuses another provider's rows in a slot", () => {
    // The slots trade rows while the registry stays: the commitments open to the others' rows.
    const traded = circuit.forge(
      honest,
      {
        digits: [input.digits[1]!, input.digits[0]!, zeroRows],
        used: [
          [1n, 0n],
          [1n, 1n],
          [0n, 0n],
        ],
      },
      ["registry"],
    );
    circuit.expectRejected(traded, "registry");
  });

  it("refuses the providers in another order than the registry's", () => {
    const swap = <T>([first, second, third]: readonly T[]): T[] => [second!, first!, third!];
    const swapped = {
      payees: swap(input.payees),
      salts: swap(input.salts),
      digits: swap(input.digits),
      used: swap(input.used),
    };
    expect(circuit.get(circuit.forge(honest, swapped), "registry")).to.not.equal(circuit.get(honest, "registry"));
    circuit.expectRejected(circuit.forge(honest, swapped, ["registry"]), "registry");
  });

  it("refuses a copied commitment: the payee is in it", () => {
    // The copier opens the first provider's commitment, which hashes the first payee, in the second slot.
    const copied = {
      payees: [0xaaaan, 0xbadn, 0n],
      salts: [1n, 1n, 0n],
      digits: [input.digits[0]!, input.digits[0]!, zeroRows],
      used: [
        [1n, 1n],
        [1n, 1n],
        [0n, 0n],
      ],
    };
    const registry = registryOf([
      { payee: 0xaaaan, commitment: commitSamples(SHAPE, { roundId, ...providers[0]! }) },
      { payee: 0xbadn, commitment: commitSamples(SHAPE, { roundId, ...providers[0]! }) },
    ]);
    circuit.expectRejected(circuit.forge(honest, { ...copied, registry }), "registry");
  });

  it("refuses an inactive slot before an active one, by which a provider could be dropped", () => {
    const dropped = circuit.forge(honest, {
      active: [1n, 0n, 1n],
      payees: [0xaaaan, 0n, 0xbbbbn],
      salts: [1n, 0n, 2n],
      digits: [input.digits[0]!, zeroRows, input.digits[1]!],
      used: [
        [1n, 1n],
        [0n, 0n],
        [1n, 0n],
      ],
    });
    circuit.expectRejected(dropped, "active");
  });

  it("refuses fewer or more active slots than the context says", () => {
    for (const count of [1n, 3n]) circuit.expectRejected(circuit.forge(honest, { providers: count }), "providers");
  });

  it("refuses one slot that counts as two providers", () => {
    // A provider without rows, since the switch of a slot with rows can be nothing but 1.
    const double = circuit.forge(honest, {
      active: [2n, 0n, 0n],
      payees: [0xaaaan, 0n, 0n],
      salts: [1n, 0n, 0n],
      digits: [zeroRows, zeroRows, zeroRows],
      used: zeroRows.concat([[0n, 0n]]),
    });
    circuit.expectRejected(double, "active");
  });

  it("refuses a slot whose switch is on for the count and off for the registry", () => {
    const empty = circuit.forge(honest, { "used[1]": [0n, 0n], "digits[1]": zeroRows, "registration[1].active": 0n });
    circuit.expectRejected(empty, "registration[1].active");
  });

  it("refuses another count of rows in the commitment than in the Gram matrix", () => {
    expectEachPinned(circuit, honest, ["registration[0].count"]);
  });
});
