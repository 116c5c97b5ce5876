/** Lets an option be given several times: its values in the order in which they stand. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
