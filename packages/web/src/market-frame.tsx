import { type ReactNode, useEffect, useState } from "react";
import { AccountMenu } from "./account-menu.tsx";
import { useDesk } from "./desk-client.ts";
import { FrameNotices } from "./frame-notices.tsx";
import { Header } from "./header.tsx";
import { lookAgain } from "./look-again.ts";
import { NetworkMenu } from "./network-menu.tsx";
import type { Route } from "./route.ts";
import { useMarketCheck } from "./use-market-check.ts";
import { WalletDiscovery } from "./wallet/discovery.ts";
import { WalletContext } from "./wallet/use-wallet.ts";
import { WalletStore } from "./wallet/wallet-store.ts";

/** The frame of a market that is known: network, account and what stands in the way, around the page. */
export function MarketFrame({ route, children }: { route: Route; children: ReactNode }) {
  const desk = useDesk();
  const [store] = useState(
    () =>
      new WalletStore(
        new WalletDiscovery(window),
        desk.session,
        { tab: sessionStorage, browser: localStorage },
        lookAgain,
      ),
  );
  useEffect(() => {
    store.start();
    return () => store.stop();
  }, [store]);
  const check = useMarketCheck();
  return (
    <WalletContext value={store}>
      <Header route={route}>
        <NetworkMenu check={check} />
        <AccountMenu />
      </Header>
      <FrameNotices check={check} />
      {children}
    </WalletContext>
  );
}
