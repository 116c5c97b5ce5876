/** Something to wait for that may have happened before the waiting began. Rings for good once `signal` aborts. */
export function createBell(signal: AbortSignal) {
  let isRung = false;
  let wake: (() => void) | null = null;
  const ring = () => {
    isRung = true;
    wake?.();
  };
  signal.addEventListener("abort", ring, { once: true });
  return {
    ring,
    mute: () => {
      isRung = false;
    },
    /** True once it rang, false after `ms` of silence. */
    heard: (ms: number): Promise<boolean> => {
      if (isRung || signal.aborted) return Promise.resolve(true);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => resolve(false), ms);
      wake = () => resolve(true);
      return promise.finally(() => {
        clearTimeout(timer);
        wake = null;
      });
    },
  };
}
