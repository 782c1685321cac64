import { expect } from "chai";
import { chmod, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { endCurve, sharedCurve } from "../src/curve.ts";
import { hashFile } from "../src/new-file.ts";
import { g2FromBytes } from "../src/points.ts";
import {
  KeyNotTrustedError,
  type TrustedKey,
  addTrustedKey,
  findTrustedKey,
  importTrustedKeys,
  listTrustedKeys,
} from "../src/trust-store.ts";
import { TrustStoreError } from "../src/trust-file.ts";
import { DevelopmentKeyError, VerificationKeyRefusedError, checkVerificationKey } from "../src/verification-key.ts";
import { errorOf, proveToy, removeFolder, temporaryFolder } from "./toy.ts";

describe("trust-store", function () {
  this.timeout(60_000);
  let folder: string;
  let store: string;
  let development: TrustedKey;
  let ceremony: TrustedKey;

  before(async () => {
    const keys = await temporaryFolder();
    const { circuit, key, zkey } = await proveToy("mixed", keys);
    const { G2 } = await sharedCurve();
    development = {
      circuit: "mixed",
      r1csSha256: circuit.r1csSha256,
      zkeySha256: await hashFile(zkey, "sha256"),
      verificationKey: key,
      provenance: { kind: "development" },
    };
    const delta = g2FromBytes(await sharedCurve(), G2.toAffine(G2.timesScalar(G2.g, 77n)));
    ceremony = {
      ...development,
      zkeySha256: "ab".repeat(32),
      verificationKey: await checkVerificationKey({ ...key, delta }, { development: false, publicCount: 5 }),
      provenance: { kind: "ceremony", ownContribution: "cd".repeat(64) },
    };
    await removeFolder(keys);
  });
  beforeEach(async () => {
    folder = await temporaryFolder();
    store = join(folder, "state", "keys.json");
  });
  afterEach(() => removeFolder(folder));
  after(endCurve);

  it("finds what was added, by the hash of the key file", async () => {
    await addTrustedKey(store, development);
    await addTrustedKey(store, ceremony);
    expect(await findTrustedKey(store, ceremony.zkeySha256, { development: false })).to.deep.equal(ceremony);
    expect(await findTrustedKey(store, development.zkeySha256, { development: true })).to.deep.equal(development);
    expect((await listTrustedKeys(store)).map(({ zkeySha256 }) => zkeySha256)).to.deep.equal([
      development.zkeySha256,
      ceremony.zkeySha256,
    ]);
  });

  it("knows no other key", async () => {
    expect(await errorOf(findTrustedKey(store, "00".repeat(32), { development: true }))).to.be.instanceOf(
      KeyNotTrustedError,
    );
    await addTrustedKey(store, ceremony);
    expect(await errorOf(findTrustedKey(store, "00".repeat(32), { development: true }))).to.be.instanceOf(
      KeyNotTrustedError,
    );
  });

  it("gives development keys to development chains only, whatever the store calls them", async () => {
    await addTrustedKey(store, development);
    expect(await errorOf(findTrustedKey(store, development.zkeySha256, { development: false }))).to.be.instanceOf(
      DevelopmentKeyError,
    );
    const disguised: TrustedKey = { ...development, provenance: ceremony.provenance };
    expect(await errorOf(addTrustedKey(store, disguised))).to.be.instanceOf(DevelopmentKeyError);
    const json = JSON.parse(await readFile(store, "utf8")) as { keys: { provenance: unknown }[] };
    (json.keys[0] as { provenance: unknown }).provenance = ceremony.provenance;
    await writeFile(store, JSON.stringify(json));
    for (const accepting of [false, true]) {
      const error = await errorOf(findTrustedKey(store, development.zkeySha256, { development: accepting }));
      expect(error).to.be.instanceOf(DevelopmentKeyError);
    }
  });

  it("replaces an entry of the same key file", async () => {
    await addTrustedKey(store, ceremony);
    await addTrustedKey(store, { ...ceremony, circuit: "renamed" });
    expect((await listTrustedKeys(store)).map(({ circuit }) => circuit)).to.deep.equal(["renamed"]);
  });

  it("is private and leaves no temporary file", async () => {
    await addTrustedKey(store, ceremony);
    await addTrustedKey(store, development);
    expect((await stat(store)).mode & 0o777).to.equal(0o600);
    expect((await stat(join(folder, "state"))).mode & 0o777).to.equal(0o700);
    expect(await readdir(join(folder, "state"))).to.deep.equal(["keys.json"]);
  });

  it("refuses a store that others may write to", async function () {
    if (process.platform === "win32") this.skip();
    await addTrustedKey(store, ceremony);
    for (const mode of [0o620, 0o602]) {
      await chmod(store, mode);
      expect(await errorOf(findTrustedKey(store, ceremony.zkeySha256, { development: false }))).to.be.instanceOf(
        TrustStoreError,
      );
      expect(await errorOf(addTrustedKey(store, development)))
        .to.be.instanceOf(TrustStoreError)
        .with.property("message")
        .that.includes("chmod 600");
    }
    await chmod(store, 0o644);
    expect(await listTrustedKeys(store)).to.have.length(1);
  });

  it("refuses damaged stores and keys, and never overwrites one", async () => {
    await addTrustedKey(store, ceremony);
    const text = await readFile(store, "utf8");
    for (const damaged of [
      "",
      text.slice(0, -20),
      text.replace('"version": 1', '"version": 2'),
      text.replace("ceremony", "other"),
      "[]",
    ]) {
      await writeFile(store, damaged);
      expect(await errorOf(listTrustedKeys(store))).to.be.instanceOf(TrustStoreError);
      expect(await errorOf(addTrustedKey(store, development))).to.be.instanceOf(TrustStoreError);
      expect(await readFile(store, "utf8")).to.equal(damaged);
    }
    await writeFile(store, text.replace(`"${ceremony.verificationKey.alpha.x}"`, '"1"'));
    const error = await errorOf(findTrustedKey(store, ceremony.zkeySha256, { development: false }));
    expect(error.message).to.include("alpha");
    const json = JSON.parse(text) as { keys: { verificationKey: unknown }[] };
    (json.keys[0] as { verificationKey: unknown }).verificationKey = {};
    await writeFile(store, JSON.stringify(json));
    expect(await errorOf(findTrustedKey(store, ceremony.zkeySha256, { development: false }))).to.be.instanceOf(
      VerificationKeyRefusedError,
    );
  });

  describe("another store's keys", () => {
    let text: string;
    beforeEach(async () => {
      const other = join(folder, "other.json");
      await addTrustedKey(other, development);
      await addTrustedKey(other, ceremony);
      text = await readFile(other, "utf8");
    });
    const take = (kind: "ceremony" | "development" | "any", changed = text) =>
      importTrustedKeys(store, changed, "other.json", kind);

    it("are taken over by provenance, as often as they are given", async () => {
      expect((await take("ceremony")).map(({ zkeySha256 }) => zkeySha256)).to.deep.equal([ceremony.zkeySha256]);
      await take("ceremony");
      expect(await listTrustedKeys(store)).to.have.length(1);
      expect(await findTrustedKey(store, ceremony.zkeySha256, { development: false })).to.deep.equal(ceremony);
      await take("development");
      expect(await findTrustedKey(store, development.zkeySha256, { development: true })).to.deep.equal(development);
    });

    it("are taken over of all provenances, each with its own", async () => {
      expect(await take("any")).to.have.length(2);
      expect(await findTrustedKey(store, ceremony.zkeySha256, { development: false })).to.deep.equal(ceremony);
      expect(await errorOf(findTrustedKey(store, development.zkeySha256, { development: false }))).to.be.instanceOf(
        DevelopmentKeyError,
      );
      const empty = JSON.stringify({ ...(JSON.parse(text) as object), keys: [] });
      expect((await errorOf(take("any", empty))).message).to.match(/^other\.json has no key/);
    });

    it("are refused where they are none, are cut off, or are a development key that is called one of a ceremony", async () => {
      await addTrustedKey(join(folder, "plain.json"), development);
      const plain = await readFile(join(folder, "plain.json"), "utf8");
      expect(await errorOf(take("ceremony", plain))).to.be.instanceOf(TrustStoreError);
      expect((await errorOf(take("ceremony", text.slice(0, -5)))).message).to.match(/^other\.json is not a store/);
      const provenance = JSON.stringify(ceremony.provenance);
      const stripped = JSON.stringify(JSON.parse(plain)).replace('{"kind":"development"}', provenance);
      expect(await errorOf(take("ceremony", stripped))).to.be.instanceOf(DevelopmentKeyError);
      expect(await listTrustedKeys(store)).to.deep.equal([]);
    });

    it("do not take the place of a key that was verified here", async () => {
      await addTrustedKey(store, ceremony);
      const renamed = JSON.stringify(JSON.parse(text)).replaceAll(development.zkeySha256, ceremony.zkeySha256);
      expect((await errorOf(take("development", renamed))).message).to.match(/something else/);
      expect(await findTrustedKey(store, ceremony.zkeySha256, { development: false })).to.deep.equal(ceremony);
    });
  });
});
