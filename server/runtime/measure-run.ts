import type { SegmentWrite } from "../database/segment-write.ts";
import type { Metrics } from "../observability/metrics.ts";

/** How long a run waited before it started and took to its end, told once each; `bornAt` where this process has the run. */
export function measureRun(
  metrics: Metrics,
  write: SegmentWrite,
  bornAt: number | undefined,
): void {
  if (write.startedAt === null) return;
  const createdAt = write.newRun?.createdAt ?? bornAt;
  // A run that starts does so in its second event.
  const isStart = write.firstSeq <= 2 && write.lastSeq >= 2;
  if (isStart && createdAt !== undefined)
    metrics.queueSeconds.observe((write.startedAt - createdAt) / 1000);
  if (write.isEnd && write.finishedAt !== null)
    metrics.runSeconds.observe((write.finishedAt - write.startedAt) / 1000);
}
