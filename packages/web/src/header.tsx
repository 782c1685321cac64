import type { ReactNode } from "react";
import markUrl from "./style/mark.svg";
import { type Route, routeHref } from "./route.ts";

const LINKS = [
  { page: "market", label: "Market", holds: ["market", "ask", "purchase", "deal"] },
  { page: "sell", label: "Sell", holds: ["sell", "sale"] },
  { page: "rounds", label: "Rounds", holds: ["rounds", "round"] },
  { page: "keys", label: "Keys", holds: ["keys"] },
] as const;

/** Name, navigation, and in `children` network and account. */
export function Header({ route, children }: { route: Route; children?: ReactNode }) {
  return (
    <header className="header">
      <div className="header-row">
        <a className="brand" href={routeHref({ page: "market" })}>
          <img src={markUrl} alt="" width="24" height="24" />
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
        <div className="header-tools">{children}</div>
      </div>
    </header>
  );
}
