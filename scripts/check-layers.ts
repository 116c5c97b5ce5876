import { globSync } from "node:fs";
import { cruise } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTsConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { PROJECT } from "./project.ts";

/**
 * npm run layers: who may import whom (.dependency-cruiser.mjs). Counts what it saw, because a cruiser that
 * cannot read TypeScript sees nothing and finds nothing wrong.
 */
const FOLDERS = ["core", "server", "components", "app", "cli", "bench", "verify", "e2e", "scripts"];

process.chdir(PROJECT);
const files = globSync(FOLDERS.map((folder) => `${folder}/**/*.{ts,tsx}`));
const options = await extractDepcruiseOptions("./.dependency-cruiser.mjs");
const { output } = await cruise(FOLDERS, options, undefined, {
  tsConfig: extractTsConfig("tsconfig.json"),
});
if (typeof output === "string")
  throw new Error("dependency-cruiser gave text instead of its result");

const seen = new Set(output.modules.map((module) => module.source));
const unseen = files.filter((file) => !file.endsWith(".d.ts") && !seen.has(file));
for (const file of unseen) console.error(`not seen: ${file}`);
for (const { rule, from, to, cycle } of output.summary.violations) {
  const way = cycle === undefined ? to : cycle.map((step) => step.name).join(" → ");
  console.error(`${rule.name}: ${from} → ${way}`);
}
const edges = output.summary.totalDependenciesCruised ?? 0;
console.log(`${files.length} modules, ${edges} imports, ${output.summary.error} against the rules`);
if (output.summary.error > 0 || unseen.length > 0 || edges < files.length) process.exitCode = 1;
