"use client";

import { Monitor, Moon, Sun, type LucideIcon } from "lucide-react";
import { ToggleGroup } from "radix-ui";
import { useState } from "react";
import { parseTheme, THEME_COOKIE, THEMES, type Theme } from "./theme.ts";

const LOOK: Record<Theme, { icon: LucideIcon; label: string }> = {
  system: { icon: Monitor, label: "Theme of the system" },
  light: { icon: Sun, label: "Light theme" },
  dark: { icon: Moon, label: "Dark theme" },
};

/** Light, dark or as the system has it. Remembered for a year in a cookie that only says the theme. */
export function ThemeSwitch({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const choose = (value: string) => {
    if (value === "") return;
    const next = parseTheme(value);
    setTheme(next);
    document.documentElement.dataset["theme"] = next;
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=31536000; samesite=lax`;
  };
  return (
    <ToggleGroup.Root
      type="single"
      value={theme}
      onValueChange={choose}
      aria-label="Theme"
      className="flex rounded-md border p-0.5"
    >
      {THEMES.map((value) => {
        const { icon: Icon, label } = LOOK[value];
        return (
          <ToggleGroup.Item
            key={value}
            value={value}
            aria-label={label}
            title={label}
            className="flex size-6 items-center justify-center rounded-sm text-ink-muted hover:text-ink data-[state=on]:bg-hover data-[state=on]:text-ink"
          >
            <Icon aria-hidden className="size-3.5" />
          </ToggleGroup.Item>
        );
      })}
    </ToggleGroup.Root>
  );
}
