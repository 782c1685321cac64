import { expect } from "chai";
import hre from "hardhat";
import { deployWorld, ethers, networkHelpers } from "../escrow/fixture.ts";

/**
 * The attack: whoever calls also says which contract shall check the proof or the key, and names one of its own that
 * says yes. Or an owner exchanges the checking code later on.
 * Refused by shape: what an address in the interface may mean is listed here, none of it is a verifier; the code delegates to
 * one fixed library and has no way to be exchanged. The rewards contract is the caller's word, but it is asked for a round
 * at the offer, by a call that cannot write, and given that round's own credit later; it decides nothing of the deal.
 */
describe("finding: caller-supplied verifier", () => {
  const known: Record<string, readonly string[]> = {
    offer: ["terms.buyer", "terms.token", "terms.split.rewards"],
    dealIdOf: ["seller", "terms.buyer", "terms.token", "terms.split.rewards"],
    credit: ["account", "token"],
    withdraw: ["token", "to"],
    pushToken: ["token", "to"],
    keyCommitmentUsed: ["seller"],
    rewardCredit: ["rewards", "token"],
    forwardReward: ["rewards", "token"],
  };

  it("takes no addresses but those of accounts, tokens and rewards contracts", async () => {
    const { escrow } = await networkHelpers.loadFixture(deployWorld);
    const found: Record<string, string[]> = {};
    escrow.interface.forEachFunction((fragment) => {
      const addresses = (inputs: typeof fragment.inputs, prefix: string): string[] =>
        inputs.flatMap((input) =>
          input.components === null
            ? input.type === "address"
              ? [prefix + input.name]
              : []
            : addresses(input.components, `${prefix}${input.name}.`),
        );
      const all = addresses(fragment.inputs, "");
      if (all.length > 0) found[fragment.name] = all;
      expect(fragment.inputs.some(({ type }) => type.startsWith("bytes") && type !== "bytes32")).to.equal(
        false,
        `${fragment.name} takes free calldata`,
      );
    });
    expect(found).to.deep.equal(known);
  });

  it("has no owner, no pause, no upgrade, no way to receive ether but fund, and no constructor's argument", async () => {
    const { abi } = await hre.artifacts.readArtifact("ModelEscrow");
    const names = abi.filter(({ type }) => type === "function").map((entry) => (entry as { name: string }).name);
    expect(
      names.filter((name) => /owner|admin|pause|upgrade|initiali[sz]e|set[A-Z]|rescue|sweep/.test(name)),
    ).to.deep.equal([]);
    const payable = abi.filter((entry) => "stateMutability" in entry && entry.stateMutability === "payable");
    expect(payable.map((entry) => ("name" in entry ? entry.name : entry.type))).to.deep.equal(["fund"]);
    expect(abi.some(({ type }) => type === "receive" || type === "fallback" || type === "constructor")).to.equal(false);
  });

  it("delegates to the linked library once, and neither creates nor destroys contracts", async () => {
    const { escrow } = await networkHelpers.loadFixture(deployWorld);
    const code = ethers.getBytes(await ethers.provider.getCode(escrow));
    // The metadata at the end is no code; its length stands in the last two bytes.
    const end = code.length - 2 - ((code.at(-2)! << 8) | code.at(-1)!);
    const counts = new Map<number, number>();
    for (let at = 0; at < end; at++) {
      const opcode = code[at]!;
      counts.set(opcode, (counts.get(opcode) ?? 0) + 1);
      if (opcode >= 0x60 && opcode <= 0x7f) at += opcode - 0x5f;
    }
    const count = (opcode: number) => counts.get(opcode) ?? 0;
    expect(count(0xf4)).to.equal(1, "DELEGATECALL");
    for (const opcode of [0xf0, 0xf2, 0xf5, 0xff]) expect(count(opcode)).to.equal(0, `opcode ${opcode.toString(16)}`);
  });
});
