import { expect } from "chai";
import { SignalNotFoundError, readSymbols } from "../src/sym.ts";
import { calculateWitness } from "../src/witness-calculator.ts";
import { decodeWitness } from "../src/wtns.ts";
import { compileToy, errorOf, toyInputs } from "./toy.ts";

describe("sym", function () {
  this.timeout(30_000);
  it("finds the wire of a signal", async () => {
    const circuit = await compileToy("mixed");
    const symbols = await readSymbols(circuit.symPath);
    const witness = decodeWitness(await calculateWitness(circuit.wasmPath, toyInputs("mixed")));
    expect(witness[symbols.wire("main.factor")]).to.equal(7n);
    expect(witness[symbols.wire("main.products[2]")]).to.equal(7n * 255n);
    expect(witness[symbols.wire("main.bits[1][1]")]).to.equal(1n);
    expect(symbols.names()).to.include("main.words[0]");
  });

  it("tells eliminated signals from unknown ones", async () => {
    const symbols = await readSymbols((await compileToy("cubic")).symPath);
    expect(() => symbols.wire("main.cube")).to.throw(SignalNotFoundError, "eliminated");
    expect(() => symbols.wire("main.nothing")).to.throw(SignalNotFoundError, "no signal");
    expect(symbols.names()).to.not.include("main.cube");
  });

  it("refuses what is no .sym file", async () => {
    const { wasmPath } = await compileToy("cubic");
    expect(await errorOf(readSymbols(wasmPath))).to.be.instanceOf(SignalNotFoundError);
    expect(await errorOf(readSymbols("no-such-file.sym"))).to.be.instanceOf(SignalNotFoundError);
  });
});
