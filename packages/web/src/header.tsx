import { type Route, routeHref } from "./route.ts";

const LINKS = [
  { page: "market", label: "Market", holds: ["market", "ask", "purchase", "deal"] },
  { page: "sell", label: "Sell", holds: ["sell", "sale"] },
  { page: "rounds", label: "Rounds", holds: ["rounds", "round"] },
  { page: "keys", label: "Keys", holds: ["keys"] },
] as const;

/** Name, navigation, network and account. */
export function Header({ route }: { route: Route }) {
  return (
    <header className="header">
      <a className="brand" href={routeHref({ page: "market" })}>
        zkcmp
      </a>
      <nav aria-label="Pages">
        <ul>
          {LINKS.map(({ page, label, holds }) => (
            <li key={page}>
              <a
                href={routeHref({ page })}
                aria-current={(holds as readonly string[]).includes(route.page) ? "page" : undefined}
              >
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}
