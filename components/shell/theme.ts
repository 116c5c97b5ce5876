export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** The cookie that remembers the theme, read on the server so that the first paint is right. */
export const THEME_COOKIE = "orca_theme";

/** The theme that a cookie's value names; anything else means the system's. */
export function parseTheme(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? "system";
}
