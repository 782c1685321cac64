import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SampleTableError } from "@zkcmp/shapley/sample-table";
import { expect } from "chai";
import { type CarOptions, carScenario } from "../cars.ts";
import { DemoDataError } from "../data.ts";
import { seededRandom } from "../random.ts";

const ORIGINS = ["usa", "europe", "japan"] as const;

describe("a round on cars", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-cars-"));
    const random = seededRandom(1);
    const lines = Array.from({ length: 200 }, (_, i) => {
      const weight = Math.round(random.between(1_600, 5_000));
      const horsepower = i === 20 ? "?" : Math.round(weight / 30);
      const cells = [(50 - weight / 120).toFixed(1), 4, weight / 20, horsepower, weight, 15, 70 + (i % 13)];
      return [...cells, ORIGINS[i % 3], `car ${i}`].join();
    });
    const header = "mpg,cylinders,displacement,horsepower,weight,acceleration,model_year,origin,name";
    await writeFile(join(folder, "mpg.csv"), `${[header, ...lines].join("\n")}\n`);
  });
  after(() => rm(folder, { recursive: true }));

  const scenario = (options: Partial<CarOptions> = {}) =>
    carScenario(folder, { dropMissing: true, groups: "origin", ...options });

  async function failure(options: Partial<CarOptions>): Promise<unknown> {
    return scenario(options).then(
      () => null,
      (error: unknown) => error,
    );
  }

  it("refuses rows with missing values, by line and column, until they are to be left out", async () => {
    const error = await failure({ dropMissing: false });
    expect(error).to.be.instanceOf(SampleTableError);
    expect((error as Error).message).to.contain("line 22 (horsepower)");
    const { providers, validation, buyerRows } = await scenario();
    const all = [validation, buyerRows, ...providers.map(({ samples }) => samples)];
    expect(all.reduce((sum, { rows }) => sum + rows.length, 0)).to.equal(199);
  });

  it("makes a provider of each origin, or eight of ranges of model years", async () => {
    expect((await scenario()).providers.map(({ name }) => name)).to.have.members([...ORIGINS]);
    const { providers, shape } = await scenario({ groups: "model_year" });
    expect(providers.length).to.equal(8);
    expect(shape.providers).to.equal(8);
    expect(providers[0]!.name).to.match(/^70/);
  });

  it("names the file that it looks for", async () => {
    const error = await carScenario(join(folder, "none"), { dropMissing: true, groups: "origin" }).catch(
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(DemoDataError);
    expect((error as Error).message).to.contain("mpg.csv does not exist");
  });
});
