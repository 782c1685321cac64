import { useState } from "react";
import { applyTheme, chosenTheme, type Theme } from "./theme.ts";

const THEMES: readonly (readonly [Theme, string])[] = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** What the page does not do, and its colours. */
export function Footer() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <footer className="footer">
      <p>
        Runs in this browser alone. What you drop here stays here; requests go to this page’s host, the node and your
        wallet. Unaudited: use it with money that you can lose.
      </p>
      <fieldset className="theme-switch">
        <legend className="visually-hidden">Colours</legend>
        {THEMES.map(([value, label]) => (
          <label key={value}>
            <input
              type="radio"
              name="theme"
              checked={theme === value}
              onChange={() => {
                applyTheme(value);
                setTheme(value);
              }}
            />
            {label}
          </label>
        ))}
      </fieldset>
    </footer>
  );
}
