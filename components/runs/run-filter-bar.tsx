"use client";

import { useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import type { RefObject } from "react";
import { RUN_STATUSES } from "../../core/run.ts";
import { useTRPC } from "../api/trpc.ts";
import { useEnvironment } from "../shell/use-environment.ts";
import { Button } from "../ui/button.tsx";
import { FilterChip } from "../ui/filter-chip.tsx";
import { Menu, MenuChoice, MenuLabel, MenuLine } from "../ui/menu.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { isEmptyFilter, PERIOD_NAMES, PERIODS, type RunFilter } from "./run-filter.ts";
import { StatusChips, StatusMenu } from "./status-filter.tsx";

type RunFilterBarProps = {
  filter: RunFilter;
  onChange: (change: Partial<RunFilter>, how?: "push" | "replace") => void;
  searchField: RefObject<HTMLInputElement | null>;
};

const EVERYTHING: RunFilter = { status: [], skill: "", environment: "", q: "", started: null };

/** What the list shows: a search, one chip per filter that holds, and menus that add more. */
export function RunFilterBar({ filter, onChange, searchField }: RunFilterBarProps) {
  return (
    <div role="search" className="flex flex-wrap items-center gap-2 border-b px-4 py-2 lg:px-6">
      <SearchField
        ref={searchField}
        label="Search runs by id, skill or attribute"
        placeholder="Id, skill or attribute"
        value={filter.q}
        onSearch={(q) => onChange({ q }, "replace")}
        className="w-56 max-sm:w-full"
      />
      <StatusMenu
        statuses={RUN_STATUSES}
        chosen={filter.status}
        onChange={(status) => onChange({ status })}
      />
      <MoreMenu filter={filter} onChange={onChange} />
      <StatusChips chosen={filter.status} onChange={(status) => onChange({ status })} />
      {filter.skill === "" ? null : (
        <FilterChip name="Skill" value={filter.skill} onRemove={() => onChange({ skill: "" })} />
      )}
      {filter.environment === "" ? null : (
        <FilterChip
          name="Environment"
          value={filter.environment}
          onRemove={() => onChange({ environment: "" })}
        />
      )}
      {filter.started === null ? null : (
        <FilterChip
          name="Started"
          value={PERIODS[filter.started].label}
          onRemove={() => onChange({ started: null })}
        />
      )}
      {isEmptyFilter(filter) ? null : (
        <Button look="quiet" size="small" onClick={() => onChange(EVERYTHING)}>
          Clear all
        </Button>
      )}
    </div>
  );
}

function MoreMenu({ filter, onChange }: Omit<RunFilterBarProps, "searchField">) {
  const trpc = useTRPC();
  const skills = useQuery(trpc.skills.list.queryOptions({ limit: 200 }));
  const { environments } = useEnvironment();
  return (
    <>
      <Menu
        trigger={
          <Button>
            <ListFilter aria-hidden /> Skill
          </Button>
        }
      >
        {(skills.data?.items ?? []).map(({ id }) => (
          <MenuChoice
            key={id}
            isChosen={filter.skill === id}
            onSelect={() => onChange({ skill: filter.skill === id ? "" : id })}
          >
            {id}
          </MenuChoice>
        ))}
        {skills.data?.items.length === 0 ? <MenuLabel>No skill is imported yet</MenuLabel> : null}
      </Menu>
      <Menu
        trigger={
          <Button>
            <ListFilter aria-hidden /> Where and when
          </Button>
        }
      >
        <MenuLabel>Environment</MenuLabel>
        {environments.map((name) => (
          <MenuChoice
            key={name}
            isChosen={filter.environment === name}
            onSelect={() => onChange({ environment: filter.environment === name ? "" : name })}
          >
            {name}
          </MenuChoice>
        ))}
        <MenuLine />
        <MenuLabel>Started in the</MenuLabel>
        {PERIOD_NAMES.map((name) => (
          <MenuChoice
            key={name}
            isChosen={filter.started === name}
            onSelect={() => onChange({ started: filter.started === name ? null : name })}
          >
            {PERIODS[name].label}
          </MenuChoice>
        ))}
      </Menu>
    </>
  );
}
