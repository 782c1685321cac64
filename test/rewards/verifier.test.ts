import { expect } from "chai";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { BASE_FIELD_ORDER } from "@zkcmp/groth16/points";
import type { RewardsVerifier } from "../../types/ethers-contracts/index.js";
import { deployVerifier, ethers, networkHelpers } from "./fixture.ts";
import {
  bWithoutC,
  g1,
  g2,
  type KeyWords,
  proofFrom,
  proveWithTrapdoor,
  trapdoorKey,
  type Words2,
  type Words4,
  type Words8,
} from "./trapdoor-key.ts";

const SIGNALS: Words8 = [1n, 2n ** 248n - 1n, 0n, FIELD_ORDER - 1n, 5n, 6n, 7n, 2n ** 170n];

/** A point of the twist that is not in the group of order r: x = 1 + u, found by taking a square root. */
const OUTSIDE_SUBGROUP = findPointOutsideSubgroup();

async function verifierWithProof(): Promise<{ verifier: RewardsVerifier; proof: Words8 }> {
  return { verifier: await deployVerifier(), proof: await proveWithTrapdoor(SIGNALS) };
}

function changed(words: Words8, index: number, value: bigint): Words8 {
  const copy: Words8 = [...words];
  copy[index] = value;
  return copy;
}

async function deploy(changes: Partial<KeyWords>): Promise<RewardsVerifier> {
  return ethers.deployContract("RewardsVerifier", [{ ...(await trapdoorKey()), ...changes } as never]);
}

describe("RewardsVerifier, verify", () => {
  it("takes a valid proof, and others of the same signals", async () => {
    const { verifier, proof } = await networkHelpers.loadFixture(verifierWithProof);
    expect(await verifier.verify(proof, SIGNALS)).to.equal(true);
    expect(await verifier.verify(await proveWithTrapdoor(SIGNALS, "other"), SIGNALS)).to.equal(true);
  });

  it("binds every signal", async () => {
    const { verifier, proof } = await networkHelpers.loadFixture(verifierWithProof);
    for (let index = 0; index < 8; index++) {
      const other = changed(SIGNALS, index, (SIGNALS[index]! + 1n) % FIELD_ORDER);
      expect(await verifier.verify(proof, other)).to.equal(false);
      expect(await verifier.verify(await proveWithTrapdoor(other), other)).to.equal(true);
    }
  });

  it("refuses signals that are not below r", async () => {
    const { verifier, proof } = await networkHelpers.loadFixture(verifierWithProof);
    for (let index = 0; index < 8; index++) {
      expect(await verifier.verify(proof, changed(SIGNALS, index, SIGNALS[index]! + FIELD_ORDER))).to.equal(false);
    }
    const largest: Words8 = changed(SIGNALS, 0, FIELD_ORDER);
    expect(await verifier.verify(await proveWithTrapdoor(largest), largest)).to.equal(false);
  });

  it("refuses coordinates that are not below q", async () => {
    const { verifier, proof } = await networkHelpers.loadFixture(verifierWithProof);
    for (let index = 0; index < 8; index++) {
      const alias = proof[index]! + BASE_FIELD_ORDER;
      expect(await verifier.verify(changed(proof, index, alias), SIGNALS)).to.equal(false);
    }
  });

  it("refuses points that are not on their curve, whichever word is wrong", async () => {
    const { verifier, proof } = await networkHelpers.loadFixture(verifierWithProof);
    for (let index = 0; index < 8; index++) {
      for (const word of [0n, 1n, proof[index]! - 1n, BASE_FIELD_ORDER - 1n]) {
        expect(await verifier.verify(changed(proof, index, word), SIGNALS)).to.equal(false);
      }
    }
  });

  it("refuses a B outside the group of order r", async () => {
    const { verifier, proof } = await networkHelpers.loadFixture(verifierWithProof);
    const wrong: Words8 = [proof[0], proof[1], ...OUTSIDE_SUBGROUP, proof[6], proof[7]];
    expect(await verifier.verify(wrong, SIGNALS)).to.equal(false);
  });

  it("refuses exchanged halves of B, opposite points and garbage", async () => {
    const { verifier, proof } = await networkHelpers.loadFixture(verifierWithProof);
    const [ax, ay, bxi, bxr, byi, byr, cx, cy] = proof;
    expect(await verifier.verify([ax, ay, bxr, bxi, byr, byi, cx, cy], SIGNALS)).to.equal(false);
    expect(await verifier.verify([ax, BASE_FIELD_ORDER - ay, bxi, bxr, byi, byr, cx, cy], SIGNALS)).to.equal(false);
    expect(await verifier.verify([ax, ay, bxi, bxr, byi, byr, cx, BASE_FIELD_ORDER - cy], SIGNALS)).to.equal(false);
    expect(await verifier.verify([cx, cy, bxi, bxr, byi, byr, ax, ay], SIGNALS)).to.equal(false);
    for (const word of [0n, 1n, 2n ** 256n - 1n]) {
      const same: Words8 = [word, word, word, word, word, word, word, word];
      expect(await verifier.verify(same, SIGNALS)).to.equal(false);
    }
  });

  it("treats infinity as the group element that it is: the equation decides", async () => {
    const { verifier, proof } = await networkHelpers.loadFixture(verifierWithProof);
    const withoutC = await proofFrom(SIGNALS, 5n, bWithoutC(SIGNALS, 5n));
    expect(withoutC.slice(6)).to.deep.equal([0n, 0n]);
    const withoutA = await proofFrom(SIGNALS, 0n, 5n);
    expect(withoutA.slice(0, 2)).to.deep.equal([0n, 0n]);
    const withoutB = await proofFrom(SIGNALS, 5n, 0n);
    expect(withoutB.slice(2, 6)).to.deep.equal([0n, 0n, 0n, 0n]);
    for (const valid of [withoutA, withoutB, withoutC]) {
      expect(await verifier.verify(valid, SIGNALS)).to.equal(true);
      expect(await verifier.verify(valid, changed(SIGNALS, 4, 6n))).to.equal(false);
    }
    const [ax, ay, bxi, bxr, byi, byr, cx, cy] = proof;
    expect(await verifier.verify([0n, 0n, bxi, bxr, byi, byr, cx, cy], SIGNALS)).to.equal(false);
    expect(await verifier.verify([ax, ay, 0n, 0n, 0n, 0n, cx, cy], SIGNALS)).to.equal(false);
    expect(await verifier.verify([ax, ay, bxi, bxr, byi, byr, 0n, 0n], SIGNALS)).to.equal(false);
    expect(await verifier.verify([0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n], SIGNALS)).to.equal(false);
  });

  it("reverts for calldata that is too short", async () => {
    const { verifier, proof } = await networkHelpers.loadFixture(verifierWithProof);
    const data = verifier.interface.encodeFunctionData("verify", [proof, SIGNALS]);
    const to = await verifier.getAddress();
    for (const words of [0, 1, 8, 15]) {
      const short = ethers.dataSlice(data, 0, 4 + 32 * words);
      await expect(ethers.provider.call({ to, data: short })).to.revert(ethers);
    }
  });

  it("is never true with too little gas", async () => {
    const { verifier, proof } = await networkHelpers.loadFixture(verifierWithProof);
    const to = await verifier.getAddress();
    const data = verifier.interface.encodeFunctionData("verify", [proof, SIGNALS]);
    const enough = await verifier.verify.estimateGas(proof, SIGNALS);
    for (let gas = 40_000n; gas < enough - 10_000n; gas += 17_000n) {
      const answer = await ethers.provider.call({ to, data, gasLimit: gas }).catch(() => "0x");
      expect(answer === "0x" || BigInt(answer) === 0n).to.equal(true);
    }
  });
});

describe("RewardsVerifier, its key", () => {
  it("is shown as it was given", async () => {
    const verifier = await networkHelpers.loadFixture(deployVerifier);
    const key = await trapdoorKey();
    const shown = await verifier.verificationKey();
    expect([...shown.alpha]).to.deep.equal(key.alpha);
    for (const name of ["beta", "gamma", "delta"] as const) expect([...shown[name]]).to.deep.equal(key[name]);
    expect(shown.ic.map((point) => [...point])).to.deep.equal(key.ic);
  });

  const zero1: Words2 = [0n, 0n];
  const zero2: Words4 = [0n, 0n, 0n, 0n];

  it("refuses points at infinity", async () => {
    const { ic } = await trapdoorKey();
    const verifier = await networkHelpers.loadFixture(deployVerifier);
    const refused = async (changes: Partial<KeyWords>, index: number) =>
      expect(deploy(changes)).to.be.revertedWithCustomError(verifier, "InvalidPoint").withArgs(index);
    await refused({ alpha: zero1 }, 0);
    await refused({ beta: zero2 }, 1);
    await refused({ gamma: zero2 }, 2);
    await refused({ delta: zero2 }, 3);
    for (let i = 0; i < 9; i++) await refused({ ic: ic.map((point, j) => (i === j ? zero1 : point)) }, 4 + i);
  });

  it("refuses points that are not on their curve, and coordinates that are not below q", async () => {
    const { alpha, beta, ic } = await trapdoorKey();
    const verifier = await networkHelpers.loadFixture(deployVerifier);
    const refused = async (changes: Partial<KeyWords>, index: number) =>
      expect(deploy(changes)).to.be.revertedWithCustomError(verifier, "InvalidPoint").withArgs(index);
    await refused({ alpha: [alpha[0], alpha[1] + 1n] }, 0);
    await refused({ alpha: [alpha[0] + BASE_FIELD_ORDER, alpha[1]] }, 0);
    await refused({ beta: [beta[0], beta[1], beta[2], beta[3] + 1n] }, 1);
    await refused({ gamma: [beta[1], beta[0], beta[3], beta[2]] }, 2);
    await refused({ ic: [...ic.slice(0, 8), [1n, 3n]] }, 12);
  });

  it("refuses points of the twist outside the group", async () => {
    const verifier = await networkHelpers.loadFixture(deployVerifier);
    for (const [index, name] of [[1, "beta"] as const, [2, "gamma"] as const, [3, "delta"] as const]) {
      await expect(deploy({ [name]: OUTSIDE_SUBGROUP }))
        .to.be.revertedWithCustomError(verifier, "InvalidPoint")
        .withArgs(index);
    }
  });

  it("refuses gamma = delta and gamma = -delta", async () => {
    const verifier = await networkHelpers.loadFixture(deployVerifier);
    for (const scalar of [1n, FIELD_ORDER - 1n]) {
      await expect(deploy({ delta: await g2(scalar) })).to.be.revertedWithCustomError(verifier, "GammaIsDelta");
    }
  });

  it("refuses beta = gamma and beta = delta, up to sign", async () => {
    const verifier = await networkHelpers.loadFixture(deployVerifier);
    const { gamma, delta } = await trapdoorKey();
    for (const [point, error] of [
      [gamma, "BetaIsGamma"],
      [delta, "BetaIsDelta"],
    ] as const) {
      for (const beta of [point, opposite2(point)]) {
        await expect(deploy({ beta })).to.be.revertedWithCustomError(verifier, error);
      }
    }
  });

  it("refuses any two points of the inputs that are equal or opposite", async () => {
    const { ic } = await trapdoorKey();
    const verifier = await networkHelpers.loadFixture(deployVerifier);
    for (let second = 1; second < 9; second++) {
      for (let first = 0; first < second; first++) {
        const [x, y] = ic[first]!;
        for (const twin of [ic[first]!, [x, BASE_FIELD_ORDER - y] satisfies Words2]) {
          await expect(deploy({ ic: ic.with(second, twin) }))
            .to.be.revertedWithCustomError(verifier, "EqualInputPoints")
            .withArgs(first, second);
        }
      }
    }
    await deploy({ ic: ic.with(8, await g1(77n)) });
  });
});

function opposite2([xi, xr, yi, yr]: Words4): Words4 {
  return [xi, xr, BASE_FIELD_ORDER - yi, BASE_FIELD_ORDER - yr];
}

function findPointOutsideSubgroup(): Words4 {
  const q = BASE_FIELD_ORDER;
  const mod = (x: bigint) => ((x % q) + q) % q;
  const power = (base: bigint, exponent: bigint) => {
    let [result, square] = [1n, mod(base)];
    for (let rest = exponent; rest > 0n; rest >>= 1n, square = mod(square * square)) {
      if (rest & 1n) result = mod(result * square);
    }
    return result;
  };
  const inverse = (x: bigint) => power(x, q - 2n);
  type Fq2 = readonly [bigint, bigint];
  const multiply = ([a, b]: Fq2, [c, d]: Fq2): Fq2 => [mod(a * c - b * d), mod(a * d + b * c)];
  const norm = 9n * 9n + 1n;
  const twist: Fq2 = [mod(27n * inverse(norm)), mod(-3n * inverse(norm))];
  // q = 3 mod 4, so x^((q + 1) / 4) is a square root of x if there is one.
  const root = (x: bigint) => power(x, (q + 1n) / 4n);
  for (let n = 1n; ; n++) {
    const x: Fq2 = [n, 1n];
    const cube = multiply(multiply(x, x), x);
    const [a, b]: Fq2 = [mod(cube[0] + twist[0]), mod(cube[1] + twist[1])];
    const length = root(a * a + b * b);
    for (const sign of [1n, -1n]) {
      const real = root(mod((a + sign * length) * inverse(2n)));
      const imaginary = mod(b * inverse(2n * real));
      const [c, d] = multiply([real, imaginary], [real, imaginary]);
      if (c === a && d === b) return [x[1], x[0], imaginary, real];
    }
  }
}
