/** What one import may bring. Each limit has its own diagnostic or error. */
export const REGISTRY_LIMITS = {
  /** A registry document is read by people; nothing real comes near. */
  documentBytes: 1024 * 1024,
  /** What an archive may unpack to, whatever it claims. */
  archiveBytes: 64 * 1024 * 1024,
  archiveFiles: 10_000,
  /** Deeper than the deepest real input (5), shallow enough for every stack. */
  documentDepth: 100,
  documentAliases: 1_000,
  /** Values in a document after its aliases are expanded. */
  documentValues: 200_000,
  /** Characters in a document after its aliases are expanded. */
  documentCharacters: 4 * 1024 * 1024,
} as const;
