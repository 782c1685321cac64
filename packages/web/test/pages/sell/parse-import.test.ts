import { expect } from "chai";
import { EMPTY_IMPORT, parseImport } from "../../../src/pages/sell/parse-import.ts";

describe("the fields of an import", () => {
  it("leave to the packages what they leave empty", () => {
    expect(parseImport(EMPTY_IMPORT).options).to.deep.equal({
      predicate: "accuracy",
      pool: false,
      inputBits: 8,
      targetBits: 8,
    });
  });

  it("take classes by number or by name, and numbers in lists", () => {
    const { options } = parseImport({
      ...EMPTY_IMPORT,
      classes: "no, yes",
      mean: "0, 1.5",
      deviation: "255",
      weightBits: "6",
      labelColumn: " price ",
    });
    expect(options).to.deep.include({ classes: ["no", "yes"], mean: [0, 1.5], deviation: [255], weightBits: 6 });
    expect(options!.labelColumn).to.equal("price");
    expect(parseImport({ ...EMPTY_IMPORT, classes: "3" }).options!.classes).to.deep.equal(["0", "1", "2"]);
  });

  it("pool no regression", () => {
    const regression = parseImport({ ...EMPTY_IMPORT, predicate: "squared-error", pool: true });
    expect(regression.options!.pool).to.equal(false);
  });

  it("say which one is wrong", () => {
    const wrong: [keyof typeof EMPTY_IMPORT, string][] = [
      ["classes", "1"],
      ["classes", "a,a"],
      ["classes", "a,,b"],
      ["inputBits", "17"],
      ["inputBits", ""],
      ["targetBits", "1"],
      ["weightBits", "1"],
      ["mean", "1,,2"],
      ["deviation", "0"],
      ["deviation", "1,0"],
    ];
    for (const [name, text] of wrong) {
      const { options, problems } = parseImport({ ...EMPTY_IMPORT, [name]: text });
      expect(options, `${name} ${text}`).to.equal(null);
      expect(problems[name as keyof typeof problems], `${name} ${text}`).to.be.a("string");
    }
  });
});
