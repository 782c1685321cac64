import { useSyncExternalStore } from "react";

type Hex = `0x${string}`;

/** A page and what it is about. */
export type Route =
  | { readonly page: "market" | "ask" | "sell" | "rounds" | "keys" }
  | { readonly page: "purchase" | "sale"; readonly orderHash: Hex }
  | { readonly page: "deal"; readonly dealId: Hex }
  | { readonly page: "round"; readonly rewards: Hex; readonly roundId: Hex }
  | { readonly page: "unknown" };

const PLAIN = { "": "market", ask: "ask", sell: "sell", rounds: "rounds", keys: "keys" } as const;

/** Reads the part of the address behind `#`. */
export function parseRoute(hash: string): Route {
  const parts = hash
    .replace(/^#?\/?/, "")
    .replace(/\/$/, "")
    .split("/");
  const [folder, first, second] = parts as [string, ...(string | undefined)[]];
  if (parts.length === 1 && Object.hasOwn(PLAIN, folder)) return { page: PLAIN[folder as keyof typeof PLAIN] };
  if (parts.length === 2) {
    const id = hexOf(first, 32);
    if (id !== null && folder === "orders") return { page: "purchase", orderHash: id };
    if (id !== null && folder === "sell") return { page: "sale", orderHash: id };
    if (id !== null && folder === "deal") return { page: "deal", dealId: id };
  }
  if (parts.length === 3 && folder === "rounds") {
    const rewards = hexOf(first, 20);
    const roundId = hexOf(second, 20);
    if (rewards !== null && roundId !== null) return { page: "round", rewards, roundId };
  }
  return { page: "unknown" };
}

function hexOf(text: string | undefined, bytes: number): Hex | null {
  const lower = text?.toLowerCase() ?? "";
  return new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`).test(lower) ? (lower as Hex) : null;
}

/** The address of a page, for links. */
export function routeHref(route: Route): string {
  switch (route.page) {
    case "market":
      return "#/";
    case "purchase":
      return `#/orders/${route.orderHash}`;
    case "sale":
      return `#/sell/${route.orderHash}`;
    case "deal":
      return `#/deal/${route.dealId}`;
    case "round":
      return `#/rounds/${route.rewards}/${route.roundId}`;
    case "unknown":
      return "#/";
    default:
      return `#/${route.page}`;
  }
}

/** What the browser's title says of a page. */
export function routeTitle(route: Route): string {
  const names: Record<Route["page"], string> = {
    market: "Market",
    ask: "New order",
    purchase: "Your order",
    deal: "Deal",
    sell: "Sell",
    sale: "Your sale",
    rounds: "Rounds",
    round: "Round",
    keys: "Keys",
    unknown: "No such page",
  };
  return `${names[route.page]} · zkcmp`;
}

/** Goes to a page. */
export function goTo(route: Route): void {
  location.hash = routeHref(route);
}

function subscribe(changed: () => void): () => void {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

/** The part of the address behind `#`, as it changes. */
export function useHash(): string {
  return useSyncExternalStore(subscribe, () => location.hash);
}
