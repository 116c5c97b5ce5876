"use client";

import { CircleCheck } from "lucide-react";
import { useMemo, useState } from "react";
import { counted } from "../registry/registry-entry.ts";
import { classNames } from "../ui/class-names.ts";
import { DiagnosticsTable } from "./diagnostics-table.tsx";
import type { Diagnostic, ImportReport } from "./send-import.ts";
import { SEVERITY_STYLE } from "./severity-style.ts";

type Severity = Diagnostic["severity"];

const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/** What an import brings or brought, and everything that was noticed on the way. */
export function ImportReportView({ report, isDone }: { report: ImportReport; isDone: boolean }) {
  const [severity, setSeverity] = useState<Severity | null>(null);
  const { imported, diagnostics } = report;
  const shown = useMemo(
    () =>
      SEVERITIES.flatMap((one) =>
        diagnostics.filter(
          (diagnostic) => diagnostic.severity === one && (severity === null || severity === one),
        ),
      ),
    [diagnostics, severity],
  );
  return (
    <section
      aria-label={isDone ? "What was imported" : "What would be imported"}
      className="flex flex-col gap-4"
    >
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-5">
        {(["skills", "capabilities", "bindings", "services", "defaults"] as const).map((kind) => (
          <div key={kind} className="bg-surface px-4 py-3 max-sm:last:col-span-2">
            <dt className="text-ink-muted">{kind}</dt>
            <dd className="text-xl font-semibold">{imported[kind]}</dd>
          </div>
        ))}
      </dl>
      {diagnostics.length === 0 ? (
        <p className="flex items-center gap-2 text-done">
          <CircleCheck aria-hidden className="size-4" /> Nothing to remark.
        </p>
      ) : (
        <>
          <div role="group" aria-label="Severity" className="flex flex-wrap gap-2">
            {SEVERITIES.map((one) => {
              const { icon: Icon, one: noun, tone } = SEVERITY_STYLE[one];
              const count = diagnostics.filter((diagnostic) => diagnostic.severity === one).length;
              return count === 0 ? null : (
                <button
                  key={one}
                  type="button"
                  aria-pressed={severity === one}
                  onClick={() => setSeverity(severity === one ? null : one)}
                  className="flex h-7 items-center gap-1.5 rounded-md border bg-surface px-2 aria-pressed:border-accent"
                >
                  <Icon aria-hidden className={classNames("size-4", tone)} /> {counted(count, noun)}
                </button>
              );
            })}
          </div>
          <DiagnosticsTable diagnostics={shown} />
        </>
      )}
    </section>
  );
}
