import { expect } from "chai";
import { type FieldElement, reduce } from "../src/element.ts";
import {
  poseidon,
  poseidonPermutation,
  poseidonSponge,
  poseidonWords,
  permutationConstraints,
} from "../src/poseidon.ts";

const range = (n: number): FieldElement[] => Array.from({ length: n }, (_, i) => reduce(BigInt(i + 1)));

describe("poseidon", () => {
  it("agrees with circomlib's published vectors", () => {
    expect(poseidon(range(1))).to.equal(18586133768512220936620570745912940619677854269274689475585506675881198879027n);
    expect(poseidon(range(2))).to.equal(7853200120776062878684798364095072458815029376092732009249414926327459813530n);
    expect(poseidon([1n, 2n, 0n, 0n, 0n].map((x) => reduce(x)))).to.equal(
      1018317224307729531995786483840663576608797660851238720571059489595066344487n,
    );
    expect(poseidon(range(16))).to.equal(9989051620750914585850546081941653841776809718687451684622678807385399211877n);
  });

  it("separates domains", () => {
    expect(poseidon(range(2), reduce(1n))).to.not.equal(poseidon(range(2)));
    expect(poseidonSponge(range(20), reduce(1n))).to.not.equal(poseidonSponge(range(20), reduce(2n)));
  });

  it("gives the first words of the permuted state and never all of them", () => {
    const words = poseidonWords(range(16), reduce(7n), 16);
    expect(words).to.deep.equal(poseidonPermutation([reduce(7n), ...range(16)]).slice(0, 16));
    expect(() => poseidonWords(range(16), reduce(7n), 17)).to.throw("at most as many words");
    expect(() => poseidonWords([], reduce(7n), 1)).to.throw("1 to 16 inputs");
    expect(() => poseidon(range(17))).to.throw("1 to 16 inputs");
  });

  it("counts the constraints of a permutation as circomlib's circuits have them", () => {
    expect([2, 3, 17].map(permutationConstraints)).to.deep.equal([216, 243, 612]);
  });

  it("chains a sponge block by block, the capacity carrying over", () => {
    const first = poseidon(range(16), reduce(9n));
    expect(poseidonSponge(range(20), reduce(9n))).to.equal(poseidon(range(20).slice(16), first));
    expect(poseidonSponge(range(17), reduce(9n))).to.equal(poseidon(range(17).slice(16), first));
    expect(poseidonSponge(range(16), reduce(9n))).to.equal(first);
    expect(() => poseidonSponge([], reduce(9n))).to.throw("0 inputs");
  });
});
