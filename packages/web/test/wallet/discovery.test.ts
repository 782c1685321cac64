import { expect } from "chai";
import { WalletDiscovery, type WalletWindow } from "../../src/wallet/discovery.ts";
import type { Provider } from "../../src/wallet/provider.ts";

function provider(): Provider {
  return { request: async () => null };
}

const ICON = "data:image/svg+xml,<svg/>";

/** A window in which wallets wait to be asked for. */
class FakeWindow extends EventTarget implements WalletWindow {
  readonly ethereum?: unknown;

  constructor(waiting: readonly object[] = [], ethereum?: unknown) {
    super();
    if (ethereum !== undefined) this.ethereum = ethereum;
    this.addEventListener("eip6963:requestProvider", () => waiting.forEach((detail) => this.announce(detail)));
  }

  announce(detail: unknown): void {
    this.dispatchEvent(Object.assign(new Event("eip6963:announceProvider"), { detail }));
  }
}

function announcement(name: string, own = provider(), more: object = {}): { info: object; provider: Provider } {
  const info = { uuid: `uuid of ${name}`, name, icon: ICON, rdns: `example.${name.toLowerCase()}`, ...more };
  return { info, provider: own };
}

function discover(target: WalletWindow): WalletDiscovery {
  const discovery = new WalletDiscovery(target);
  discovery.start();
  return discovery;
}

function names(discovery: WalletDiscovery): string[] {
  return discovery.wallets().map(({ name }) => name);
}

describe("wallet discovery", () => {
  it("finds wallets that answer and those that come later, by name", () => {
    const target = new FakeWindow([announcement("Zebra"), announcement("Ant")]);
    const discovery = discover(target);
    let changes = 0;
    discovery.onChange(() => changes++);
    target.announce(announcement("Bee"));
    expect(names(discovery)).to.deep.equal(["Ant", "Bee", "Zebra"]);
    expect(discovery.wallets()[0]).to.include({ id: "example.ant", icon: ICON });
    expect(changes).to.equal(1);
  });

  it("lists a wallet once that announces itself again, under the same or another uuid", () => {
    const own = provider();
    const target = new FakeWindow([announcement("Ant", own), announcement("Ant", own)]);
    const discovery = discover(target);
    target.announce(announcement("Ant", own, { uuid: "another" }));
    expect(names(discovery)).to.deep.equal(["Ant"]);
  });

  it("takes window.ethereum where no wallet announces itself, and drops it when one does", () => {
    const target = new FakeWindow([], provider());
    const discovery = discover(target);
    expect(discovery.wallets()).to.have.length(1);
    expect(discovery.wallets()[0]).to.include({ id: "window.ethereum", provider: target.ethereum });
    target.announce(announcement("Ant"));
    expect(names(discovery)).to.deep.equal(["Ant"]);
    expect(names(discover(new FakeWindow([], {})))).to.deep.equal([]);
    expect(names(discover(new FakeWindow()))).to.deep.equal([]);
  });

  it("shows no icon that would be a request to another host", () => {
    for (const icon of [
      "https://elsewhere.example/icon.png",
      "javascript:alert(1)",
      "data:text/html,x",
      7,
      undefined,
    ]) {
      const [wallet] = discover(new FakeWindow([announcement("Ant", provider(), { icon })])).wallets();
      expect(wallet!.icon, String(icon)).to.equal(null);
    }
  });

  it("leaves out what is no announcement", () => {
    const wrong = [
      null,
      7,
      {},
      { info: {} },
      announcement("Ant", {} as Provider),
      announcement("Ant", provider(), { rdns: 7 }),
    ];
    const target = new FakeWindow();
    const discovery = discover(target);
    for (const detail of wrong) target.announce(detail);
    expect(discovery.wallets()).to.deep.equal([]);
  });

  it("hears nothing after its end", () => {
    const target = new FakeWindow();
    const discovery = discover(target);
    discovery.stop();
    target.announce(announcement("Ant"));
    expect(discovery.wallets()).to.deep.equal([]);
  });
});
