"use client";

import { ChevronsUpDown, Layers } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Menu, MenuChoice, MenuLabel } from "../ui/menu.tsx";
import { chooseEnvironment } from "./current-environment.ts";
import { useEnvironment } from "./use-environment.ts";

/** Which environment new runs start in. */
export function EnvironmentMenu() {
  const { environments, environment } = useEnvironment();
  if (environment === null) return null;
  return (
    <Menu
      trigger={
        <Button look="quiet" size="small" aria-label={`Environment ${environment}`}>
          <Layers aria-hidden /> {environment}{" "}
          <ChevronsUpDown aria-hidden className="text-ink-muted" />
        </Button>
      }
    >
      <MenuLabel>New runs start in</MenuLabel>
      {environments.map((name) => (
        <MenuChoice
          key={name}
          isChosen={name === environment}
          onSelect={() => chooseEnvironment(name)}
        >
          {name}
        </MenuChoice>
      ))}
    </Menu>
  );
}
