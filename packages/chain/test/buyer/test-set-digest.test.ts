import { createTestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { testSetDigest } from "../../src/buyer/test-set-digest.ts";

const set = {
  inputBits: 4,
  classes: 3,
  rows: [
    [1, 2],
    [3, 4],
    [1, 2],
  ],
  labels: [0, 1, 2],
};

describe("testSetDigest", () => {
  const digest = testSetDigest(createTestSet(set));

  it("knows the rows again in another order, with other labels", () => {
    expect(
      testSetDigest(
        createTestSet({
          ...set,
          rows: [
            [3, 4],
            [1, 2],
            [1, 2],
          ],
          labels: [2, 2, 2],
        }),
      ),
    ).to.equal(digest);
    expect(testSetDigest(createTestSet({ ...set, classes: 9, inputBits: 8 }))).to.equal(digest);
  });

  it("tells other rows apart", () => {
    const others = [
      [
        [1, 2],
        [3, 4],
        [1, 3],
      ],
      [
        [1, 2],
        [3, 4],
        [3, 4],
      ],
      [
        [2, 1],
        [4, 3],
        [2, 1],
      ],
    ];
    for (const rows of others) expect(testSetDigest(createTestSet({ ...set, rows }))).to.not.equal(digest);
    const fewer = createTestSet({
      ...set,
      rows: [
        [1, 2],
        [3, 4],
      ],
      labels: [0, 1],
    });
    expect(testSetDigest(fewer)).to.not.equal(digest);
  });
});
