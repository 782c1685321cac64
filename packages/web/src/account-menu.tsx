import { Menu } from "./components/menu.tsx";
import { ErrorNotice } from "./components/error-notice.tsx";
import { shortened, ShortHex } from "./components/short-hex.tsx";
import { useSession } from "./session-view.ts";
import { useWallet } from "./wallet/use-wallet.ts";

const DEVELOPMENT_ACCOUNTS = Array.from({ length: 10 }, (_, index) => index);

/** Which account acts; connects another, or none. */
export function AccountMenu() {
  const { wallets, connected, busy, error, store } = useWallet();
  const { isDevelopment } = useSession();
  const others = wallets.filter((wallet) => connected?.kind !== "wallet" || connected.wallet !== wallet);
  const label =
    connected === null
      ? "Connect"
      : connected.kind === "development"
        ? `Account ${connected.index}`
        : shortened(connected.address);
  const name = connected === null ? "Connect a wallet" : `Account: ${label}`;
  return (
    <Menu
      label={<span className={connected?.kind === "wallet" ? "mono" : ""}>{label}</span>}
      name={name}
      main={connected === null}
    >
      {(close) => (
        <>
          {connected !== null && (
            <section className="menu-section" aria-label="Your account">
              <h2>{connected.kind === "wallet" ? connected.wallet.name : `Development account ${connected.index}`}</h2>
              <ShortHex hex={connected.address} what="your address" />
              <button type="button" className="button button-plain" onClick={() => void store.disconnect()}>
                Disconnect
              </button>
            </section>
          )}
          {(connected?.kind !== "wallet" || others.length > 0) && (
            <section className="menu-section" aria-label="Wallets">
              <h2>{connected === null ? "Connect a wallet" : "Another wallet"}</h2>
              {wallets.length === 0 && (
                <p className="hint">
                  This browser has no Ethereum wallet. Install one as an extension, and load the page again.
                </p>
              )}
              <ul className="wallet-list">
                {others.map((wallet) => (
                  <li key={wallet.id + wallet.name}>
                    <button
                      type="button"
                      className="wallet-button"
                      aria-disabled={busy || undefined}
                      onClick={() => {
                        if (busy) return;
                        void store.connect(wallet).then(() => {
                          if (store.state().error === null) close();
                        });
                      }}
                    >
                      {wallet.icon === null ? <span className="wallet-blank" /> : <img src={wallet.icon} alt="" />}
                      {wallet.name}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {isDevelopment && (
            <section className="menu-section" aria-label="Development accounts">
              <h2>Development account</h2>
              <p className="hint">
                Their keys are published: they sign at once, without asking, on development chains only.
              </p>
              <ul className="development-list">
                {DEVELOPMENT_ACCOUNTS.map((index) => (
                  <li key={index}>
                    <button
                      type="button"
                      aria-label={`Development account ${index}`}
                      aria-pressed={connected?.kind === "development" && connected.index === index}
                      onClick={() => {
                        void store.connectDevelopment(index).then(() => {
                          if (store.state().error === null) close();
                        });
                      }}
                    >
                      {index}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <div aria-live="polite">
            {busy && <p className="hint">Waiting for the wallet…</p>}
            <ErrorNotice error={error} />
          </div>
        </>
      )}
    </Menu>
  );
}
