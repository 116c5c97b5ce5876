"use client";

import { Plug } from "lucide-react";
import Link from "next/link";
import { isJsonObject } from "../../core/json.ts";
import type { EventEnvelope } from "../../core/run-events.ts";
import { stepKeyOfPayload } from "../../core/run-events.ts";
import type { StepView } from "../../core/run-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import { jsonText } from "../json-viewer/json-text.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { formatDuration } from "../ui/format-duration.ts";
import { PropertyList } from "../ui/property-list.tsx";

/** Which implementation was called and why this one, and what each that was tried answered. */
export function BindingPanel({
  view,
  events,
}: {
  view: StepView;
  events: readonly EventEnvelope[];
}) {
  if (view.binding === null)
    return <EmptyState icon={Plug} title="No binding was chosen for this step" />;
  const key = occurrenceKey(view.step_id, view.occurrence ?? undefined);
  const tries = events.filter(
    (event) => event.event_type === "binding.attempted" && stepKeyOfPayload(event.payload) === key,
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-auto p-4">
      <PropertyList
        entries={[
          ["Binding", <RegistryLink key="binding" kind="bindings" id={view.binding.binding_id} />],
          ["Service", <RegistryLink key="service" kind="services" id={view.binding.service_id} />],
          ["Why this one", view.binding.reason],
        ]}
      />
      {tries.length === 0 ? null : (
        <section className="flex flex-col gap-2">
          <h3 className="font-medium">Calls</h3>
          <ul className="flex flex-col divide-y rounded-lg border">
            {tries.map(({ event_id: id, payload }) => (
              <li key={id} className="flex flex-wrap items-center gap-x-3 px-3 py-2">
                <span className="mono min-w-0 flex-1 truncate">
                  {jsonText(payload["binding_id"])}
                </span>
                <span className={payload["status"] === "success" ? "text-done" : "text-bad"}>
                  {jsonText(payload["status"]).replaceAll("_", " ")}
                </span>
                <span className="text-ink-muted">
                  {formatDuration(Number(payload["duration_ms"]))}
                </span>
                {isJsonObject(payload["error"]) ? (
                  <span className="basis-full break-words text-ink-soft">
                    {jsonText(payload["error"]["message"])}
                  </span>
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function RegistryLink({ kind, id }: { kind: "bindings" | "services"; id: string }) {
  return (
    <Link
      className="mono text-accent hover:underline"
      href={`/registry/${kind}/${encodeURIComponent(id)}`}
    >
      {id}
    </Link>
  );
}
