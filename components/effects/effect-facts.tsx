"use client";

import Link from "next/link";
import { resolutionWords } from "../../core/resolution-words.ts";
import type { EffectDetail } from "../../core/effect-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { PropertyList } from "../ui/property-list.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";

/** What an effect is, where it hangs, and what happened to it when. */
export function EffectFacts({ detail }: { detail: EffectDetail }) {
  const { effect, run, history, service_id: service } = detail;
  const stepKey = occurrenceKey(
    detail.step_id,
    effect.occurrence === "" ? undefined : effect.occurrence,
  );
  return (
    <>
      <PropertyList
        entries={[
          [
            "Capability",
            <RegistryLink key="capability" kind="capabilities" id={effect.capability_id} />,
          ],
          [
            "Binding",
            <span key="binding">
              <RegistryLink kind="bindings" id={effect.binding_id} />{" "}
              <span className="text-ink-muted">revision {effect.binding_revision}</span>
            </span>,
          ],
          [
            "Service",
            service === null ? null : <RegistryLink key="service" kind="services" id={service} />,
          ],
          [
            "Receipt",
            effect.provider_receipt === null ? (
              <span key="receipt" className="text-ink-muted">
                none was given
              </span>
            ) : (
              <Copyable key="receipt" text={effect.provider_receipt} label="Copy receipt" />
            ),
          ],
          [
            "Provider key",
            <Copyable key="key" text={effect.idempotency_key} label="Copy provider key" />,
          ],
          ["Attempts", String(effect.attempts)],
          ["Class", effect.effect_class.replaceAll("_", " ")],
          ["On replay", effect.replay_policy.replaceAll("_", " ")],
          [
            "Step",
            <Link
              key="step"
              className="mono text-accent hover:underline"
              href={`/runs/${effect.run_id}?step=${encodeURIComponent(stepKey)}&tab=effects`}
            >
              {effect.step_path}
              {effect.occurrence === "" ? "" : `#${effect.occurrence}`}
            </Link>,
          ],
          [
            "Run",
            <span key="run" className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <RunLink id={run.run_id} />
              <StatusBadge status={run.status} />
            </span>,
          ],
          ["Skill", `${run.skill_id}@${run.skill_version} in ${run.environment}`],
          [
            "Started by",
            run.parent_run_id === null ? null : <RunLink key="parent" id={run.parent_run_id} />,
          ],
          [
            "Replay of",
            run.source_run_id === null ? null : <RunLink key="source" id={run.source_run_id} />,
          ],
          [
            "Lineage root",
            run.lineage_root_run_id === run.run_id ? null : (
              <RunLink key="root" id={run.lineage_root_run_id} />
            ),
          ],
          [
            "Approval",
            effect.approval_id === null ? null : (
              <Link
                key="approval"
                className="mono break-all text-accent hover:underline"
                href={`/approvals?tab=decided&id=${encodeURIComponent(effect.approval_id)}`}
              >
                {effect.approval_id}
              </Link>
            ),
          ],
          ["Request hash", <Copyable key="hash" text={effect.request_hash} label="Copy hash" />],
        ]}
      />
      <section className="flex flex-col gap-2">
        <h3 className="font-medium">What happened</h3>
        <ol className="flex flex-col divide-y rounded-lg border">
          {history.map(({ sequence, event_type: type, occurred_at: at, error, resolution }) => (
            <li key={sequence} className="flex flex-wrap items-baseline gap-x-3 px-3 py-2">
              <span className="min-w-0 flex-1 break-words">
                {resolution === null ? (NEWS[type] ?? type) : resolutionWords(resolution)}
              </span>
              <span className="text-ink-muted">
                <RelativeTime at={at} />
              </span>
              {error === null ? null : (
                <span className="basis-full break-words text-ink-soft">
                  {error.message} <span className="mono text-ink-muted">{error.code}</span>
                </span>
              )}
              {resolution === null || resolution.comment === null ? null : (
                <span className="basis-full break-words text-ink-soft">{resolution.comment}</span>
              )}
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

const NEWS: Readonly<Record<string, string>> = {
  "side_effect.attempted": "Announced, then sent",
  "side_effect.recorded": "Answered; the result was recorded",
  "side_effect.failed": "Failed for certain",
  "side_effect.in_doubt": "The outcome became unknown",
  "side_effect.reused": "Not made: the result of an earlier effect was taken",
  "side_effect.blocked": "Not made: the earlier effect had another request",
};

function RegistryLink({
  kind,
  id,
}: {
  kind: "capabilities" | "bindings" | "services";
  id: string;
}) {
  return (
    <Link
      className="mono break-all text-accent hover:underline"
      href={`/registry/${kind}/${encodeURIComponent(id)}`}
    >
      {id}
    </Link>
  );
}

function RunLink({ id }: { id: string }) {
  return (
    <Link className="mono break-all text-accent hover:underline" href={`/runs/${id}`}>
      {id}
    </Link>
  );
}

function Copyable({ text, label }: { text: string; label: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <span className="mono truncate" title={text}>
        {text}
      </span>
      <CopyButton text={text} label={label} className="size-5" />
    </span>
  );
}
