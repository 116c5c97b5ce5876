import { useQuery } from "@tanstack/react-query";
import { CircleQuestionMark } from "lucide-react";
import Link from "next/link";
import type { EffectDetail } from "../../core/effect-view.ts";
import { isTerminal } from "../../core/run.ts";
import { useTRPC } from "../api/trpc.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { DoubtAnswers } from "./doubt-answers.tsx";
import { useResolveEffect } from "./use-resolve-effect.ts";

/** What is known of an effect of which nobody knows whether it happened, and how a person finds out. */
export function UnknownOutcome({ detail }: { detail: EffectDetail }) {
  const { effect, service_id: service, run } = detail;
  const resolve = useResolveEffect(effect.effect_id);
  const trpc = useTRPC();
  const me = useQuery(trpc.me.get.queryOptions());
  const isEnded = isTerminal(run.status);
  const last = detail.history.findLast(({ error }) => error !== null);
  return (
    <section
      aria-label="Unknown outcome"
      className="flex flex-col gap-2 rounded-lg border border-waiting/40 bg-waiting-soft p-3"
    >
      <h3 className="flex items-start gap-2 font-medium">
        <CircleQuestionMark aria-hidden className="mt-0.5 size-4 shrink-0 text-waiting" />
        Nobody knows whether this happened
      </h3>
      <p className="pl-6 text-ink-soft">
        The request was sent, and no answer that says so came back
        {last?.error == null ? "." : `: ${last.error.message}`}
      </p>
      <ul className="list-disc space-y-1 pl-10 text-ink-soft">
        <li>
          Look at the provider{service === null ? "" : ` (${service})`} for a request with this key:{" "}
          <span className="inline-flex max-w-full items-center gap-1 align-bottom">
            <span className="mono truncate text-ink">{effect.idempotency_key.slice(0, 16)}…</span>
            <CopyButton
              text={effect.idempotency_key}
              label="Copy provider key"
              className="size-5"
            />
          </span>
        </li>
        <li>
          Or for what <em>Request</em> asked for, about the time of the last attempt.
        </li>
        <li>
          {isEnded ? "Its run has ended: say what you found, then resume " : "Say what you found: "}
          <Link className="text-accent underline" href={`/runs/${encodeURIComponent(run.run_id)}`}>
            {isEnded ? "the run" : "its run"}
          </Link>
          {isEnded ? "." : " goes on with it."} Nothing is sent again by itself.
        </li>
      </ul>
      <div className="pl-6">
        <DoubtAnswers
          capabilityId={effect.capability_id}
          isWaiting={!isEnded}
          blockedBecause={
            me.data === undefined || me.data.permissions.includes("approval:decide")
              ? null
              : `Your role ${me.data.role ?? ""} does not include approval:decide`
          }
          {...resolve}
        />
      </div>
    </section>
  );
}
