"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { Activity, GitCompareArrows, Play, Upload, Workflow, type LucideIcon } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { useDeferredValue, useState } from "react";
import { useTRPC } from "../api/trpc.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import { RAIL_PAGES } from "./rail-pages.ts";

/** Goes to a page, a skill or a run by a few typed letters. */
export function CommandPalette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[min(600px,calc(100vw-32px))] -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-raised shadow-2xl"
        >
          <Dialog.Title className="sr-only">Go to a page, a skill or a run</Dialog.Title>
          <PaletteList onClose={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteList({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const trpc = useTRPC();
  const skills = useQuery(
    trpc.skills.list.queryOptions({ q, limit: 8 }, { placeholderData: keepPreviousData }),
  );
  const runs = useQuery(
    trpc.runs.list.queryOptions(
      { q, limit: 6 },
      { enabled: q !== "", placeholderData: keepPreviousData },
    ),
  );
  const router = useRouter();
  const go = (href: string) => {
    onClose();
    router.push(href);
  };
  const pages = [
    ...RAIL_PAGES,
    { href: "/compare", label: "Compare two runs", icon: GitCompareArrows },
    { href: "/registry/import", label: "Import into the registry", icon: Upload },
  ].filter((page) => page.label.toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <Command shouldFilter={false} label="Go to" loop>
      <Command.Input
        autoFocus
        value={typed}
        onValueChange={setTyped}
        placeholder="A page, a skill, or the id of a run"
        className="h-12 w-full border-b bg-transparent px-4 text-lg outline-none placeholder:text-ink-muted"
      />
      <Command.List className="max-h-[50vh] overflow-auto p-2 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-muted">
        <Command.Empty className="px-2 py-6 text-center text-ink-muted">
          Nothing is called “{typed}”.
        </Command.Empty>
        {pages.length === 0 ? null : (
          <Command.Group heading="Pages">
            {pages.map(({ href, label, icon }) => (
              <PaletteItem key={href} id={href} icon={icon} onSelect={() => go(href)}>
                {label}
              </PaletteItem>
            ))}
          </Command.Group>
        )}
        {q === "" || (runs.data?.items.length ?? 0) === 0 ? null : (
          <Command.Group heading="Runs">
            {runs.data?.items.map((run) => (
              <PaletteItem
                key={run.run_id}
                id={run.run_id}
                icon={Activity}
                onSelect={() => go(`/runs/${run.run_id}`)}
              >
                <span className="mono min-w-0 flex-1 truncate">{run.run_id}</span>
                <span className="max-w-40 truncate text-ink-muted">{run.skill_id}</span>
                <StatusBadge status={run.status} />
              </PaletteItem>
            ))}
          </Command.Group>
        )}
        {(skills.data?.items.length ?? 0) === 0 ? null : (
          <Command.Group heading="Skills">
            {skills.data?.items.map((skill) => (
              <PaletteItem
                key={skill.id}
                id={skill.id}
                icon={Workflow}
                onSelect={() => go(`/registry/skills/${encodeURIComponent(skill.id)}`)}
              >
                <span className="min-w-0 flex-1 truncate">
                  {skill.name} <span className="mono text-ink-muted">{skill.id}</span>
                </span>
              </PaletteItem>
            ))}
            {q === ""
              ? null
              : skills.data?.items.slice(0, 3).map((skill) => (
                  <PaletteItem
                    key={skill.id}
                    id={`start ${skill.id}`}
                    icon={Play}
                    onSelect={() => go(`/registry/skills/${encodeURIComponent(skill.id)}/start`)}
                  >
                    Start {skill.name}
                  </PaletteItem>
                ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
}

type PaletteItemProps = {
  id: string;
  icon: LucideIcon;
  onSelect: () => void;
  children: React.ReactNode;
};

function PaletteItem({ id, icon: Icon, onSelect, children }: PaletteItemProps) {
  return (
    <Command.Item
      value={id}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2 rounded-md px-2 data-[selected=true]:bg-hover"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-muted" />
      {children}
    </Command.Item>
  );
}
