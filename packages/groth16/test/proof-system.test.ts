import { reduce } from "@zkcmp/field/element";
import type { Hex } from "@zkcmp/sale/hex";
import { UnsealError } from "@zkcmp/sale/seal";
import { NetworkMismatchError } from "@zkcmp/sale/witness-check";
import type { SaleWitness } from "@zkcmp/sale/proof-system";
import { expect } from "chai";
import { networkOf, SHAPE, testSetFor } from "../../sale/test/fixture.ts";
import { createGroth16 } from "../src/proof-system.ts";
import { saleCircuit } from "../src/sale-circuit.ts";
import { saleFixture } from "./sale-fixture.ts";

describe("groth16", () => {
  it("looks at the witness before it looks for a key file", async () => {
    const network = networkOf();
    const { statement, witness } = await saleFixture(network, testSetFor(network, 3, 3));
    const digest: Hex = `0x${"00".repeat(32)}`;
    const groth16 = createGroth16({
      circuit: saleCircuit(SHAPE, 3),
      key: { r1csSha256: digest, zkeySha256: digest },
      trustStore: "none",
      development: false,
    });
    const refusal = (wrong: Partial<SaleWitness>): Promise<unknown> =>
      groth16.prove(statement, { ...witness, ...wrong }).then(
        () => expect.fail("proven"),
        (error: unknown) => error,
      );
    const other = networkOf({ ...SHAPE, weightBits: SHAPE.weightBits - 1 });
    expect(await refusal({ network: other })).to.be.instanceOf(NetworkMismatchError);
    expect(await refusal({ secrets: { ...witness.secrets, key: reduce(1n) } })).to.be.instanceOf(UnsealError);
  });
});
