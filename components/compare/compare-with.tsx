"use client";

import { GitCompareArrows } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { CompareDialog } from "./compare-dialog.tsx";

/** The way from a run to its comparison with another one. */
export function CompareWith({ runId, skillId }: { runId: string; skillId: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>
        <GitCompareArrows aria-hidden /> Compare with…
      </Button>
      {isOpen ? (
        <CompareDialog runId={runId} skillId={skillId} onClose={() => setIsOpen(false)} />
      ) : null}
    </>
  );
}
