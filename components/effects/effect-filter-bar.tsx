"use client";

import { ListFilter } from "lucide-react";
import type { RefObject } from "react";
import { PERIOD_NAMES, PERIODS } from "../runs/run-filter.ts";
import { StatusChips, StatusMenu } from "../runs/status-filter.tsx";
import { Button } from "../ui/button.tsx";
import { FilterChip } from "../ui/filter-chip.tsx";
import { Menu, MenuChoice, MenuLabel } from "../ui/menu.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { AddEffectFilter } from "./add-effect-filter.tsx";
import {
  EVERY_EFFECT,
  type EffectFilter,
  isEveryEffect,
  LEDGER_STATUSES,
  TEXT_FILTER_NAMES,
  TEXT_FILTERS,
} from "./effect-filter.ts";

type BarProps = {
  filter: EffectFilter;
  onChange: (change: Partial<EffectFilter>, how?: "push" | "replace") => void;
};

/** What the ledger shows: a search, ways to add a filter, and one chip per filter that holds. */
export function EffectFilterBar({
  filter,
  onChange,
  searchField,
}: BarProps & { searchField: RefObject<HTMLInputElement | null> }) {
  return (
    <div role="search" className="flex flex-wrap items-center gap-2 border-b px-4 py-2 lg:px-6">
      <SearchField
        ref={searchField}
        label="Search effects by id or whole words"
        placeholder="Id, or words of the request"
        value={filter.q}
        onSearch={(q) => onChange({ q }, "replace")}
        className="w-60 max-sm:w-full"
      />
      <StatusMenu
        statuses={LEDGER_STATUSES}
        chosen={filter.status}
        onChange={(status) => onChange({ status })}
      />
      <PeriodMenu filter={filter} onChange={onChange} />
      <AddEffectFilter filter={filter} onChange={onChange} />
      <Chips filter={filter} onChange={onChange} />
      {isEveryEffect(filter) ? null : (
        <Button look="quiet" size="small" onClick={() => onChange(EVERY_EFFECT)}>
          Clear all
        </Button>
      )}
    </div>
  );
}

function Chips({ filter, onChange }: BarProps) {
  return (
    <>
      <StatusChips chosen={filter.status} onChange={(status) => onChange({ status })} />
      {TEXT_FILTER_NAMES.filter((name) => filter[name] !== "").map((name) => (
        <FilterChip
          key={name}
          name={TEXT_FILTERS[name]}
          value={filter[name]}
          onRemove={() => onChange({ [name]: "" })}
        />
      ))}
      {Object.entries(filter.request).map(([path, value]) => (
        <FilterChip
          key={path}
          name={`request.${path}`}
          value={value}
          onRemove={() => {
            const { [path]: _, ...request } = filter.request;
            onChange({ request });
          }}
        />
      ))}
      {filter.announced === null ? null : (
        <FilterChip
          name="Announced"
          value={PERIODS[filter.announced].label}
          onRemove={() => onChange({ announced: null })}
        />
      )}
    </>
  );
}

function PeriodMenu({ filter, onChange }: BarProps) {
  return (
    <Menu
      trigger={
        <Button>
          <ListFilter aria-hidden /> When
        </Button>
      }
    >
      <MenuLabel>Announced in the</MenuLabel>
      {PERIOD_NAMES.map((name) => (
        <MenuChoice
          key={name}
          isChosen={filter.announced === name}
          onSelect={() => onChange({ announced: filter.announced === name ? null : name })}
        >
          {PERIODS[name].label}
        </MenuChoice>
      ))}
    </Menu>
  );
}
