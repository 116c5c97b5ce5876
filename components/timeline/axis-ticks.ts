const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
  172_800_000, 604_800_000,
];

/** Round distances from the start to mark on an axis of `duration` milliseconds, at most `most` of them. */
export function axisTicks(duration: number, most: number): number[] {
  const step =
    STEPS_MS.find((candidate) => duration / candidate <= most) ?? Math.ceil(duration / most);
  return Array.from({ length: Math.floor(duration / step) + 1 }, (_, index) => index * step);
}

/** Whether the words of a mark fit between it and the end of the axis. */
export function hasRoomForLabel(mark: number, duration: number): boolean {
  return mark <= duration * 0.88;
}
