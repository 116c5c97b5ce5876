"use client";

import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { ReplayPlanView } from "../../core/run-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { SelectField } from "../ui/select-field.tsx";
import { withEntry, type PlanWish } from "./plan-href.ts";

type PlanChoicesProps = {
  plan: ReplayPlanView;
  wish: PlanWish;
  onWish: (change: Partial<PlanWish>) => void;
};

/** Which version would run, and through which bindings. */
export function PlanChoices({ plan, wish, onWish }: PlanChoicesProps) {
  const trpc = useTRPC();
  const versions = useQuery(trpc.skills.versions.queryOptions({ id: plan.skill_id }));
  const known = versions.data?.items.map((item) => item.version) ?? [];
  const all = known.includes(plan.skill_version) ? known : [plan.skill_version, ...known];
  return (
    <>
      {all.length < 2 ? null : (
        <Choice
          label="Version"
          value={plan.skill_version}
          options={all}
          // What was chosen for steps of one version means nothing in another.
          onChoose={(version) => onWish({ version, stepMap: {}, overrides: {} })}
        />
      )}
      {plan.binding_choices.map(({ capability_id: id, binding_id: bindingId, options }) => (
        <Choice
          key={id}
          label={`Binding of ${id}`}
          value={bindingId ?? ""}
          options={bindingId === null ? ["", ...options] : options}
          onChoose={(binding) => onWish({ bindings: withEntry(wish.bindings, id, binding) })}
        />
      ))}
    </>
  );
}

type ChoiceProps = {
  label: string;
  value: string;
  options: readonly string[];
  onChoose: (value: string) => void;
};

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium break-all">
        {label}
      </label>
      <SelectField id={id} value={value} onChange={(event) => onChoose(event.target.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {option === "" ? "none may be called" : option}
          </option>
        ))}
      </SelectField>
    </div>
  );
}
