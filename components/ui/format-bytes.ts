/** A size as people say it: `640 B`, `1.2 kB`, `310 kB`, `4.7 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 9_950) return `${(bytes / 1_000).toFixed(1)} kB`;
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
