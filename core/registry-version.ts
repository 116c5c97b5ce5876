/** Orders two semantic versions by precedence (semver.org 2.0.0 §11): negative where `a` is lower. Build metadata does not count. */
export function compareVersions(a: string, b: string): number {
  const [coreA, preA] = splitVersion(a);
  const [coreB, preB] = splitVersion(b);
  return compareIdentifiers(coreA, coreB) || comparePrereleases(preA, preB);
}

/** The highest of the versions, or null of none. */
export function findLatestVersion(versions: Iterable<string>): string | null {
  let latest: string | null = null;
  for (const version of versions) {
    if (latest === null || compareVersions(version, latest) > 0) latest = version;
  }
  return latest;
}

function splitVersion(version: string): [core: string[], prerelease: string[]] {
  const [withoutBuild = ""] = version.split("+");
  const dash = withoutBuild.indexOf("-");
  if (dash === -1) return [withoutBuild.split("."), []];
  return [withoutBuild.slice(0, dash).split("."), withoutBuild.slice(dash + 1).split(".")];
}

function comparePrereleases(a: string[], b: string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length; // a release is above its prereleases
  return compareIdentifiers(a, b);
}

function compareIdentifiers(a: string[], b: string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const order = compareIdentifier(a[index] ?? "", b[index] ?? "");
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareIdentifier(a: string, b: string): number {
  const areNumbers = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (areNumbers[0] && areNumbers[1]) return Math.sign(Number(a) - Number(b));
  if (areNumbers[0] !== areNumbers[1]) return areNumbers[0] ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
