"use client";

import { X } from "lucide-react";
import { stringify } from "yaml";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { SkillGraph } from "../../core/run-view.ts";
import { Button } from "../ui/button.tsx";
import { SourceView } from "../ui/source-view.tsx";

type SkillStepProps = {
  step: SkillGraph["steps"][number];
  document: JsonObject;
  onClose: () => void;
};

/** The definition of the step that was chosen in a skill's graph. */
export function SkillStep({ step, document, onClose }: SkillStepProps) {
  const steps = document["steps"];
  const found = Array.isArray(steps)
    ? steps.find((one) => isJsonObject(one) && one["id"] === step.step_id)
    : undefined;
  return (
    <aside
      aria-label={`Step ${step.step_id}`}
      className="flex w-96 shrink-0 flex-col border-l bg-surface"
    >
      <h2 className="flex h-11 items-center gap-2 border-b px-4 font-semibold">
        <span className="min-w-0 flex-1 truncate">{step.step_id}</span>
        <Button look="quiet" size="iconSmall" aria-label="Close the step" onClick={onClose}>
          <X aria-hidden />
        </Button>
      </h2>
      <SourceView source={stringify(found ?? null)} label={`the definition of ${step.step_id}`} />
    </aside>
  );
}
