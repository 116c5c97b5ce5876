/** The same numbers for the same seed, on every machine. */
export type SeededRandom = {
  /** From 0 up to 1. */
  next: () => number;
  /** From `from` to `to`, both included. */
  integer: (from: number, to: number) => number;
  pick: <Item>(items: readonly Item[]) => Item;
  /** True in so many of a hundred cases. */
  percent: (share: number) => boolean;
};

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough to choose faults by. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    integer,
    pick: (items) => {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new Error("There is nothing to pick from.");
      return item;
    },
    percent: (share) => next() * 100 < share,
  };
}
