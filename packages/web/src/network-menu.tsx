import { DataList } from "./components/data-list.tsx";
import { ErrorNotice } from "./components/error-notice.tsx";
import { Menu } from "./components/menu.tsx";
import { ShortHex } from "./components/short-hex.tsx";
import type { MarketCheck } from "./use-market-check.ts";
import { useSession } from "./session-view.ts";

/** Which market this is, its node, and whether its contract is the one that this version knows. */
export function NetworkMenu({ check }: { check: MarketCheck }) {
  const { deployment, markets } = useSession();
  const states = {
    looking: ["dot", "is being checked"],
    checked: ["dot dot-good", "code checked"],
    failed: ["dot dot-bad", "not usable"],
  } as const;
  const [dot, words] = states[check.state];
  return (
    <Menu
      name={`Market: ${deployment.name}, ${words}`}
      label={
        <>
          <span className={dot} aria-hidden="true" />
          <span className="network-name">{deployment.name}</span>
        </>
      }
    >
      {() => (
        <>
          <section className="menu-section" aria-label="This market">
            <h2>{deployment.name}</h2>
            <DataList
              facts={[
                ["Chain", String(deployment.chainId)],
                ["Node", new URL(deployment.rpcUrl).host],
                ["Escrow", <ShortHex key="escrow" hex={deployment.escrow} what="the escrow's address" />],
                [
                  "Contract",
                  {
                    looking: "code is being checked…",
                    checked: "✓ code checked: it is the ModelEscrow of this version",
                    failed: "not checked",
                  }[check.state],
                ],
                ...deployment.rewards.map(
                  ({ address }) =>
                    [
                      "Rewards",
                      <ShortHex key={address} hex={address} what="the rewards contract's address" />,
                    ] as const,
                ),
              ]}
            />
            <ErrorNotice error={check.error} />
          </section>
          {markets.length > 1 && (
            <nav className="menu-section" aria-label="Markets">
              <h2>Other markets of this page</h2>
              <ul>
                {markets
                  .filter(({ chainId }) => chainId !== deployment.chainId)
                  .map(({ name, chainId }) => (
                    <li key={chainId}>
                      {/* Another node means another policy, so the page is loaded anew. */}
                      <a href={`?chain=${chainId}#/`}>{name}</a>
                    </li>
                  ))}
              </ul>
            </nav>
          )}
        </>
      )}
    </Menu>
  );
}
