import { expect } from "chai";
import { join } from "node:path";
import { OwnContributionMissingError } from "@zkcmp/groth16/ceremony";
import { endCurve } from "@zkcmp/groth16/curve";
import { contributePhaseOne, newPhaseOne, preparePhaseOne } from "@zkcmp/groth16/phase-one";
import { contributeKey, newKey, verifyKey } from "@zkcmp/groth16/phase-two";
import { KeyNotTrustedError, addTrustedKey, findTrustedKey } from "@zkcmp/groth16/trust-store";
import { compileToy, errorOf, removeFolder, temporaryFolder } from "../../packages/groth16/test/toy.ts";

// A seller makes a key with a first buyer, who may be the seller's friend. Between them they know delta and can forge. To
// a second buyer the key looks well made: two contributions, a chain that checks, even a record of a sale. It proves
// nothing to the second buyer, whose own contribution is not in it.
describe("finding: one buyer's key shown to another", function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => (folder = await temporaryFolder()));
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  it("is refused until the second buyer has contributed too", async () => {
    const path = (name: string) => join(folder, name);
    const { r1csPath: r1cs } = await compileToy("cubic");
    await newPhaseOne(path("0.ptau"), 2);
    await contributePhaseOne(path("0.ptau"), path("1.ptau"), "seller");
    const phaseOne = await contributePhaseOne(path("1.ptau"), path("2.ptau"), "second buyer");
    await preparePhaseOne(path("2.ptau"), path("final.ptau"));
    const files = (zkey: string) => ({ r1cs, ptau: path("final.ptau"), zkey: path(zkey) });
    await newKey(files("0.zkey"));
    await contributeKey(path("0.zkey"), path("1.zkey"), "seller");
    const first = await contributeKey(path("1.zkey"), path("2.zkey"), "first buyer");
    const second = await contributeKey(path("2.zkey"), path("3.zkey"), "second buyer");

    const { zkeySha256, verificationKey, r1csSha256 } = await verifyKey(files("2.zkey"), { key: first, phaseOne });
    const refusal = await errorOf(verifyKey(files("2.zkey"), { key: second, phaseOne }));
    expect(refusal).to.be.instanceOf(OwnContributionMissingError);

    // The first buyer's record of trusted keys is not the second one's.
    const provenance = { kind: "ceremony", ownContribution: first } as const;
    await addTrustedKey(path("first.json"), { circuit: "cubic", r1csSha256, zkeySha256, verificationKey, provenance });
    await findTrustedKey(path("first.json"), zkeySha256, { development: false });
    const unknown = await errorOf(findTrustedKey(path("second.json"), zkeySha256, { development: false }));
    expect(unknown).to.be.instanceOf(KeyNotTrustedError);

    const { contributions } = await verifyKey(files("3.zkey"), { key: second, phaseOne });
    expect(contributions.map(({ name }) => name)).to.deep.equal(["seller", "first buyer", "second buyer"]);
  });
});
