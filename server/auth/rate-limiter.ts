/** How many calls a key may make at once, and how fast it regains them. */
export type RateLimit = { burst: number; perSecond: number };

export type RateLimiter = {
  /** Takes one call of `key`; 0 where it may go on, else the seconds after which it may try again. */
  take(key: string, now: Date): number;
  /** Gives a call of `key` back that turned out not to count. */
  giveBack(key: string): void;
};

/**
 * Token buckets in memory, of at most `capacity` keys: the key that was not heard of for longest is forgotten first,
 * so that a flood of made-up keys costs no memory. Each process counts for itself.
 */
export function createRateLimiter(limit: RateLimit, capacity = 10_000): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key, now) {
      const at = now.getTime();
      const before = buckets.get(key) ?? { tokens: limit.burst, at };
      const regained = (Math.max(0, at - before.at) / 1000) * limit.perSecond;
      const tokens = Math.min(limit.burst, before.tokens + regained);
      const isAllowed = tokens >= 1;
      // Deleted first, so that the map's order is that of last use.
      buckets.delete(key);
      buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, at });
      if (buckets.size > capacity) forgetOldest(buckets);
      return isAllowed ? 0 : Math.ceil((1 - tokens) / limit.perSecond);
    },
    giveBack(key) {
      const bucket = buckets.get(key);
      if (bucket !== undefined) bucket.tokens = Math.min(limit.burst, bucket.tokens + 1);
    },
  };
}

function forgetOldest(buckets: Map<string, unknown>): void {
  const { value: oldest } = buckets.keys().next();
  if (oldest !== undefined) buckets.delete(oldest);
}
