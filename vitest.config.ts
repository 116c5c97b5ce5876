import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const DATABASE_TESTS = "**/*.db.test.ts";
const COMPONENT_TESTS = "{app,components}/**/*.test.{ts,tsx}";
const ELSEWHERE = [
  "**/node_modules/**",
  ".next/**",
  ".cache/**",
  ".orca/**",
  "bench/peers/**",
  "e2e/**",
];

/** Three kinds of tests: pure and server code in Node, components in jsdom, and those that need PostgreSQL. */
export default defineConfig({
  test: {
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...ELSEWHERE, DATABASE_TESTS, COMPONENT_TESTS],
          // Hashing passwords and compiling large skills take seconds on a busy machine.
          testTimeout: 60_000,
        },
      },
      {
        oxc: { jsx: { runtime: "automatic" } },
        test: {
          name: "components",
          environment: "jsdom",
          include: [COMPONENT_TESTS],
          exclude: ELSEWHERE,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "database",
          include: [DATABASE_TESTS],
          exclude: ELSEWHERE,
          globalSetup: ["server/database/test-postgres.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
