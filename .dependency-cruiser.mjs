/** The layers of docs/architecture.md, checked by scripts/check-layers.ts. */
const GENERATED = "^server/database/generated";
export default {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: { pathNot: GENERATED },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "core-imports-only-zod-and-core",
      severity: "error",
      from: { path: "^core/", pathNot: ["\\.test\\.tsx?$", "^core/testing/"] },
      to: { pathNot: ["^core/", "^node_modules/(zod|canonicalize|uuidv7)/"] },
    },
    {
      name: "components-never-import-server-code",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^server/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "components-take-only-api-types-from-the-server",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^server/", pathNot: "^server/api/" },
    },
    {
      name: "app-mounts",
      severity: "error",
      from: { path: "^app/" },
      to: { path: "^(server|cli|bench|verify)/", pathNot: "^server/(api|auth)/" },
    },
    {
      name: "server-does-not-show",
      severity: "error",
      from: { path: "^server/" },
      to: { path: "^(app|components|cli|bench|verify|e2e)/" },
    },
    {
      name: "the-cli-is-a-client",
      severity: "error",
      from: { path: "^cli/" },
      to: { path: "^(app|components|bench|verify|e2e)/" },
    },
    {
      name: "only-the-database-layer-touches-sql",
      severity: "error",
      from: {
        path: "^(server|cli|app|components|core)/",
        pathNot: ["^server/database/", "\\.test\\.tsx?$"],
      },
      to: { path: ["^node_modules/(pg|@prisma|prisma)/", GENERATED] },
    },
    { name: "nobody-imports-tests", severity: "error", from: {}, to: { path: "\\.test\\.tsx?$" } },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
    },
  },
};
