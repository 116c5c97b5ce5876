/**
 * One order of everything that stands in either list, each once, and the same whichever list comes first. It keeps the
 * order of both where they agree; where both may go on, or contradict each other, the lesser name goes first. Neither
 * list may name anything twice. Linear.
 */
export function mergeOrders(first: readonly string[], second: readonly string[]): string[] {
  const [inFirst, inSecond] = [new Set(first), new Set(second)];
  const merged = new Set<string>();
  let [i, j] = [0, 0];
  for (;;) {
    const one = first[i];
    const other = second[j];
    if (one !== undefined && merged.has(one)) i += 1;
    else if (other !== undefined && merged.has(other)) j += 1;
    else if (one === undefined && other === undefined) return [...merged];
    else if (one === undefined) merged.add(other ?? "");
    else if (other === undefined || one === other) merged.add(one);
    else merged.add(choose(one, other, !inSecond.has(one), !inFirst.has(other)));
  }
}

/** What only one list has goes before what the other list has yet to come to. */
function choose(one: string, other: string, isOneAlone: boolean, isOtherAlone: boolean): string {
  if (isOneAlone !== isOtherAlone) return isOneAlone ? one : other;
  return one < other ? one : other;
}
