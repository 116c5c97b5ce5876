/** A circle in what steps wait for, as indexes in the order of waiting, or an empty list. Kahn 1962; linear in steps and edges. */
export function findStepCycle(dependsOn: readonly (readonly number[])[]): number[] {
  const open = dependsOn.map((dependencies) => dependencies.length);
  const dependants: number[][] = dependsOn.map(() => []);
  dependsOn.forEach((dependencies, index) => {
    for (const dependency of dependencies) dependants[dependency]?.push(index);
  });
  const ready = open.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let position = 0; position < ready.length; position++) {
    for (const dependant of dependants[ready[position] ?? -1] ?? []) {
      open[dependant] = (open[dependant] ?? 0) - 1;
      if (open[dependant] === 0) ready.push(dependant);
    }
  }
  return walkCycle(open, dependsOn);
}

/** Whatever is still open waits for something still open, so that walking along must come back. */
function walkCycle(open: readonly number[], dependsOn: readonly (readonly number[])[]): number[] {
  const seenAt = new Map<number, number>();
  const walk: number[] = [];
  let index = open.findIndex((count) => count > 0);
  while (index !== -1) {
    const start = seenAt.get(index);
    if (start !== undefined) return walk.slice(start);
    seenAt.set(index, walk.length);
    walk.push(index);
    index = dependsOn[index]?.find((dependency) => (open[dependency] ?? 0) > 0) ?? -1;
  }
  return [];
}
