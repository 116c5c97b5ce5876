import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { AppShell } from "../../components/shell/app-shell.tsx";
import { parseTheme, THEME_COOKIE } from "../../components/shell/theme.ts";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return <AppShell theme={theme}>{children}</AppShell>;
}
