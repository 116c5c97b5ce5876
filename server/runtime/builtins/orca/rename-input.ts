import type { Builtin } from "../builtin.ts";

/** A native function under other input names: `names` maps each name that the function reads to the name that the caller uses. */
export function renameInput(builtin: Builtin, names: Readonly<Record<string, string>>): Builtin {
  const entries = Object.entries(names);
  return (input, context) => {
    const renamed = { ...input };
    for (const [own, theirs] of entries) {
      delete renamed[theirs];
      const value = input[theirs];
      if (value !== undefined) renamed[own] = value;
    }
    return builtin(renamed, context);
  };
}
