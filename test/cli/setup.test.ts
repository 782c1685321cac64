import { cp, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { Market, PROVEN_ROWS } from "./market.ts";
import { expectFailure } from "./program.ts";

describe("zkcmp: setups and preflight", function () {
  this.timeout(180_000);

  let market: Market;

  before(async () => {
    market = await Market.open();
  });

  after(async () => market.close());

  it("makes the development key of a circuit, the same one every time", async () => {
    const command = `setup development --network network.json --rows ${PROVEN_ROWS}`;
    const { circuit, key, r1csSha256, zkeySha256 } = await market.json(command);
    expect(circuit).to.contain(`n${PROVEN_ROWS}`);
    expect(key).to.match(/\.development\.zkey$/);
    expect(await market.json(command)).to.deep.include({ key, r1csSha256, zkeySha256 });
  });

  it("foresees constraints, memory and time, and refuses what cannot be proven", async () => {
    const preflight = "preflight --proof-system groth16 --network network.json";
    const result = await market.json(`${preflight} --rows ${PROVEN_ROWS}`);
    expect(result.proofSystem).to.equal("groth16");
    expect(result.constraintCount).to.be.greaterThan(1000);
    expect(result).to.include.keys("memoryBytes", "proofSeconds", "ceremonySeconds", "zkeyBytes");
    const { key } = await market.json(`setup development --network network.json --rows ${PROVEN_ROWS}`);
    const { size } = await stat(key as string);
    expect((result.zkeyBytes as number) / size).to.be.within(0.9, 1.35);
    expectFailure(await market.run(`${preflight} --rows 100000`), 4, "constraints");
    expectFailure(await market.run("setup development --network network.json --rows 100000"), 4, "constraints");
    expectFailure(await market.run("preflight --network network.json"), 2, "--rows");
  });

  it("foresees a proof with libra where nobody asks for another, and refuses what no memory can hold", async () => {
    const preflight = "preflight --network network.json";
    const result = await market.json(`${preflight} --rows 1000`);
    expect(result).to.include({ proofSystem: "libra", rows: 1000 });
    expect(result).to.include.keys("gates", "entries", "memoryBytes", "proofSeconds");
    expect(result.proofBytes).to.be.within(1_000, 400_000);
    expect((await market.run(`${preflight} --rows 1000`)).stdout).to.contain("no setup");
    expectFailure(await market.run(`${preflight} --rows 2000000`), 4, "memory");
    expectFailure(await market.run(`${preflight} --rows 4000000000`), 4, "2^32 entries");
    const { shape } = JSON.parse(await readFile(join(market.folder, "network.json"), "utf8"));
    const circuit = { format: "zkcmp-circuit", version: 2, shape, rows: 5, predicate: "accuracy", committed: false };
    await market.write("circuit.json", JSON.stringify(circuit));
    expect((await market.json("preflight --circuit circuit.json")).proofSystem).to.equal("groth16");
    expectFailure(await market.run("preflight --circuit circuit.json --proof-system libra"), 2, "circuit file");
  });

  it("takes no powers of tau of one party, and no key without one's own contribution", async () => {
    await market.json("setup phase-one new pot-0.ptau --power 8");
    const { contribution } = await market.json("setup phase-one contribute pot-0.ptau pot-1.ptau --name seller");
    const list = JSON.parse(await readFile(join(market.folder, "home", "contributions.json"), "utf8"));
    expect(list).to.deep.include({ phaseOne: [contribution], key: [] });
    expectFailure(await market.run("setup phase-one accept-public pot-1.ptau"), 4, "pot-1.ptau");
    expectFailure(await market.run("setup phase-one contribute pot-0.ptau pot-1.ptau"), 3, "exists");
    const newKey = `setup key new --network network.json --rows ${PROVEN_ROWS} --phase-one pot-1.ptau --out key.zkey`;
    expectFailure(await market.run(newKey), 4, "pot-1.ptau");
    const { key } = await market.json(`setup development --network network.json --rows ${PROVEN_ROWS}`);
    await cp(key as string, join(market.folder, "key.zkey"));
    const verify = `setup key verify key.zkey --network network.json --rows ${PROVEN_ROWS} --phase-one pot-1.ptau`;
    expectFailure(await market.run(verify), 4, "contribution");
  });
});
