import { expect } from "chai";
import { encryptKeystoreJson } from "ethers";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Connection } from "../src/network-connection.ts";
import { walletAddress, WalletError } from "../src/account.ts";
import { DEVELOPMENT_ACCOUNTS, developmentAccount } from "../src/development-account.ts";
import { createKeystore, openKeystore } from "../src/wallet.ts";
import { accountAt, expectRefusal, LIVE_CHAIN, temporaryFolder } from "./fixture.ts";

const PASSWORD = "correct horse";
/** scrypt's N for tests: the default takes a second. */
const CHEAP = 2 ** 10;

const on = (chainId: number): Connection => ({ chainId }) as Connection;

describe("keystores", function () {
  this.timeout(60_000);
  let folder: string;
  let path: string;
  before(async () => {
    folder = await temporaryFolder();
    path = join(folder, "keystore.json");
    await createKeystore(path, { prompt: async () => PASSWORD }, CHEAP);
  });
  after(() => rm(folder, { recursive: true }));

  it("open with the password from a file, the environment, or a prompt, in this order", async () => {
    const file = join(folder, "password");
    await writeFile(file, `${PASSWORD}\r\n`);
    const wrong = async (): Promise<string> => "wrong password";
    const environment = { ZKCMP_PASSWORD: PASSWORD };
    const sources = [
      { file, environment: { ZKCMP_PASSWORD: "wrong password" }, prompt: wrong },
      { environment, prompt: wrong },
      { environment: {}, prompt: async () => PASSWORD },
    ];
    const addresses = [];
    for (const source of sources) addresses.push(walletAddress(await openKeystore(path, source, on(LIVE_CHAIN))));
    expect(new Set(addresses).size).to.equal(1);
    expect(addresses[0]).to.match(/^0x[0-9a-f]{40}$/);
  });

  it("are private, encrypted and never overwritten", async () => {
    const before = await readFile(path, "utf8");
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(JSON.parse(before).version).to.equal(3);
    const again = createKeystore(path, { prompt: async () => PASSWORD }, CHEAP);
    await expectRefusal(again, WalletError, /exists already/);
    expect(await readFile(path, "utf8")).to.equal(before);
  });

  it("want a password of some length", async () => {
    const short = createKeystore(join(folder, "x"), { prompt: async () => "1234567" }, CHEAP);
    await expectRefusal(short, WalletError, /fewer than 8/);
  });

  it("say that the password is wrong, without saying it", async () => {
    const opened = openKeystore(path, { environment: { ZKCMP_PASSWORD: "hunter2 hunter2" } }, on(LIVE_CHAIN));
    const error = await expectRefusal(opened, WalletError, /password does not open/);
    expect(error.message).to.not.include("hunter2");
  });

  it("say what is missing", async () => {
    await expectRefusal(openKeystore(path, {}, on(LIVE_CHAIN)), WalletError, /no password/);
    const noFile = openKeystore(path, { file: join(folder, "none") }, on(LIVE_CHAIN));
    await expectRefusal(noFile, WalletError, /password file .*none cannot be read/);
    const none = openKeystore(join(folder, "none"), { prompt: async () => PASSWORD }, on(LIVE_CHAIN));
    await expectRefusal(none, WalletError, /keystore .*none cannot be read/);
    await writeFile(join(folder, "other"), "{}");
    const other = openKeystore(join(folder, "other"), { prompt: async () => PASSWORD }, on(LIVE_CHAIN));
    await expectRefusal(other, WalletError, /not an encrypted JSON keystore/);
  });

  it("of a published account are refused on a live chain", async () => {
    const { address, privateKey } = accountAt(13);
    const json = await encryptKeystoreJson({ address, privateKey }, PASSWORD, { scrypt: { N: CHEAP, r: 8, p: 1 } });
    const published = join(folder, "published");
    await writeFile(published, json);
    const source = { prompt: async () => PASSWORD };
    expect((await openKeystore(published, source, on(31337))).address).to.equal(address);
    await expectRefusal(openKeystore(published, source, on(1)), WalletError, /everybody has its key/);
  });
});

describe("developmentAccount", function () {
  this.timeout(60_000);
  it("is the account that development nodes have", () => {
    expect(developmentAccount(on(31337), 0).address).to.equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    expect(developmentAccount(on(1337), 1).address).to.equal("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
  });

  it("is refused on every other chain", () => {
    for (const chainId of [1, LIVE_CHAIN, 5777, 0]) {
      expect(() => developmentAccount(on(chainId), 0)).to.throw(WalletError, /no development chain/);
    }
  });

  it("has a number below 10", () => {
    for (const index of [-1, DEVELOPMENT_ACCOUNTS, 0.5, Number.NaN]) {
      expect(() => developmentAccount(on(31337), index)).to.throw(WalletError, /no development account/);
    }
  });
});
