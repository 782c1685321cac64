/** What the user chose; `system` follows the browser. */
export type Theme = "system" | "light" | "dark";

const KEY = "zkcmp-theme";
const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** The theme that was chosen in this browser. */
export function chosenTheme(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? "system";
  } catch {
    // Browsers that forbid storage forbid even the look.
    return "system";
  }
}

/** Shows the page in a theme, the chosen one if none is given, and remembers it. */
export function applyTheme(theme?: Theme): void {
  if (theme !== undefined) {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // It then holds until the page is closed.
    }
  }
  const shown = theme ?? chosenTheme();
  if (shown === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = shown;
}
