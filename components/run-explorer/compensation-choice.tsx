"use client";

import { useQuery } from "@tanstack/react-query";
import type { CompensationView } from "../../core/run-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { Problem } from "../ui/problem.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

type CompensationChoiceProps = {
  runId: string;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
};

/** Asks whether what a run did outside is undone before it ends, and names each effect that would be, or cannot be. */
export function CompensationChoice({ runId, isChosen, onChoose }: CompensationChoiceProps) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.runs.compensation.queryOptions({ run_id: runId }, { staleTime: 0, gcTime: 0 }),
  );
  if (query.data === undefined)
    return query.error === null ? (
      <div role="status" aria-label="Looking what there is to undo">
        <Skeleton className="h-10 w-full" />
      </div>
    ) : (
      <Problem error={toErrorView(query.error)} />
    );
  const { undo, left } = query.data;
  if (undo.length + left.length === 0)
    return <p className="text-ink-soft">It has done nothing outside that could be undone.</p>;
  return (
    <div className="flex flex-col gap-3">
      {undo.length === 0 ? null : (
        <fieldset className="flex flex-col gap-2 rounded-lg border p-3">
          <label className="flex items-center gap-2 font-medium">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={isChosen}
              onChange={(event) => onChoose(event.target.checked)}
            />
            Undo what it did outside ({effects(undo.length)})
          </label>
          <ol aria-label="What would be undone" className={LIST}>
            {undo.map((effect) => (
              <li key={effect.effect_id} className="flex flex-wrap gap-x-2">
                <Place effect={effect} />
                <span className="mono min-w-0 break-all">{effect.uses}</span>
                {effect.is_certain ? null : (
                  <span className="text-ink-muted">it may never have happened</span>
                )}
              </li>
            ))}
          </ol>
        </fieldset>
      )}
      {left.length === 0 ? null : (
        <section className="flex flex-col gap-1">
          <h3 className="font-medium">
            {effects(left.length)} cannot be undone and {left.length === 1 ? "stays" : "stay"}
          </h3>
          <ul aria-label="What cannot be undone" className={LIST}>
            {left.map((effect) => (
              <li key={effect.effect_id} className="flex flex-wrap gap-x-2">
                <Place effect={effect} />
                <span className="text-ink-soft">{effect.reason}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

const LIST = "flex max-h-40 flex-col gap-1 overflow-auto text-ink-soft";

function effects(count: number): string {
  return count === 1 ? "1 effect" : `${count} effects`;
}

function Place({
  effect,
}: {
  effect: CompensationView["left"][number] | CompensationView["undo"][number];
}) {
  return (
    <span className="font-medium text-ink">{occurrenceKey(effect.step_id, effect.occurrence)}</span>
  );
}
