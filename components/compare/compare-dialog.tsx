"use client";

import { Dialog } from "../ui/dialog.tsx";
import { compareHref } from "./compare-href.ts";
import { RunPicker } from "./run-picker.tsx";

/** Asks which run to compare one with, offering recent runs of the same skill. */
export function CompareDialog({
  runId,
  skillId,
  onClose,
}: {
  runId: string;
  skillId: string;
  onClose: () => void;
}) {
  return (
    <Dialog
      isOpen
      title="Compare with another run"
      description="What both did is compared step by step. Runs of other skills and versions can be compared too."
      onClose={onClose}
    >
      <RunPicker
        skillId={skillId}
        without={runId}
        hrefOf={(id) => compareHref({ a: runId, b: id, step: null })}
        onPick={onClose}
      />
    </Dialog>
  );
}
