"use client";

import { useId } from "react";
import type { ReplayPlanView } from "../../core/run-view.ts";
import { SelectField } from "../ui/select-field.tsx";
import { withEntry, type PlanWish } from "./plan-href.ts";

type CompatibilityProps = {
  compatibility: ReplayPlanView["compatibility"];
  wish: PlanWish;
  onWish: (change: Partial<PlanWish>) => void;
};

/** How the steps of the source and of the version that would run differ, and which of them are the same ones. */
export function PlanCompatibility({ compatibility, wish, onWish }: CompatibilityProps) {
  const { removed, added, renamed, retyped, choices } = compatibility;
  if (removed.length + added.length + renamed.length + retyped.length === 0) return null;
  const isProposed = new Set(renamed.flatMap((each) => (each.is_proposed ? [each.from] : [])));
  return (
    <section aria-label="Compatibility" className="flex flex-col gap-2">
      <h2 className="font-medium">Steps that differ</h2>
      {choices.map(({ from, to }) => (
        <Mapping
          key={from}
          from={from}
          options={to}
          value={renamed.find((each) => each.from === from)?.to ?? ""}
          isProposed={isProposed.has(from)}
          onMap={(step) => onWish({ stepMap: withEntry(wish.stepMap, from, step) })}
        />
      ))}
      <Steps title="Not in this version any more" names={removed} />
      <Steps title="New in this version" names={added} />
      {retyped.map(({ step_id: stepId, reason }) => (
        <p key={stepId}>
          <span className="mono break-all">{stepId}</span> brings something else: {reason}.
        </p>
      ))}
    </section>
  );
}

type MappingProps = {
  from: string;
  options: readonly string[];
  /** Empty for gone. */
  value: string;
  isProposed: boolean;
  onMap: (step: string | null) => void;
};

function Mapping({ from, options, value, isProposed, onMap }: MappingProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id}>
        Step <span className="mono break-all">{from}</span> is now
        {isProposed ? <span className="text-ink-muted"> (proposed)</span> : null}
      </label>
      <SelectField
        id={id}
        value={value}
        onChange={({ target }) => onMap(target.value === "" ? null : target.value)}
      >
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
        <option value="">gone: its results are not taken</option>
      </SelectField>
    </div>
  );
}

function Steps({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <p>
      {title}: <span className="mono break-all">{names.join(", ")}</span>
    </p>
  );
}
