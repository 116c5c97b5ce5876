import { MAX_TIMER_MS } from "./durations.ts";

/** `setTimeout` for any delay: Node fires at once where one does not fit into 31 bits. Answers what disarms it. */
export function setLongTimeout(action: () => void, delayMs: number): () => void {
  let timer: NodeJS.Timeout;
  const arm = (leftMs: number) => {
    timer =
      leftMs > MAX_TIMER_MS
        ? setTimeout(() => arm(leftMs - MAX_TIMER_MS), MAX_TIMER_MS)
        : setTimeout(action, leftMs);
  };
  arm(delayMs);
  return () => clearTimeout(timer);
}
