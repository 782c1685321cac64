import { createContext, useContext, useSyncExternalStore } from "react";
import type { WalletState, WalletStore } from "./wallet-store.ts";

export const WalletContext = createContext<WalletStore | null>(null);

/** The wallets of this browser and the account that acts. */
export function useWallet(): WalletState & { readonly store: WalletStore } {
  const store = useContext(WalletContext);
  if (store === null) throw new TypeError("useWallet outside of the page's frame");
  const state = useSyncExternalStore(
    (changed) => store.onChange(changed),
    () => store.state(),
  );
  return { ...state, store };
}
