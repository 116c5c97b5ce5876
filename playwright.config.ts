import { defineConfig } from "@playwright/test";
import { installBrowser } from "./scripts/install-browser.ts";

const isRoot = process.getuid?.() === 0;

/** One spec per journey, all against one server that e2e/start-server.ts starts afresh. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/start-server.ts",
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: await installBrowser(),
      // Chromium's sandbox refuses root.
      args: [
        "--disable-background-networking",
        "--disable-component-update",
        ...(isRoot ? ["--no-sandbox"] : []),
      ],
    },
  },
});
