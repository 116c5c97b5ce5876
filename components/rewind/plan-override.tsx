"use client";

import type { ReplayPolicy } from "../../core/capability.ts";
import type { FoldedPlanRow } from "../../core/fold-plan-rows.ts";
import { SelectField } from "../ui/select-field.tsx";
import { POLICY_WORDS } from "./plan-words.ts";

type PlanOverrideProps = {
  row: FoldedPlanRow;
  /** In which the reader chooses; null while that is not known. */
  roles: readonly string[] | null;
  onChoose: (policy: ReplayPolicy | undefined) => void;
};

/** What is done with a step in place of what its policy says; what others may choose is named, and closed. */
export function PlanOverride({ row, roles, onChoose }: PlanOverrideProps) {
  return (
    <SelectField
      aria-label={`Choose for step ${row.step_id}`}
      value={row.override ?? ""}
      onChange={({ target }) =>
        onChoose(row.may_become.find(({ policy }) => policy === target.value)?.policy)
      }
    >
      <option value="">As policy says</option>
      {row.may_become.map(({ policy, roles: allowed }) => {
        const isAllowed = roles === null || allowed.some((role) => roles.includes(role));
        return (
          <option key={policy} value={policy} disabled={!isAllowed}>
            {POLICY_WORDS[policy]}
            {isAllowed ? "" : ` (${allowed.join(" or ")})`}
          </option>
        );
      })}
    </SelectField>
  );
}
