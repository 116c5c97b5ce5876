import { test as base } from "@playwright/test";
import { z } from "zod";

const E2eServerSchema = z.object({
  baseUrl: z.string(),
  apiKey: z.string(),
  adminEmail: z.string(),
  adminPassword: z.string(),
});

/** The server of this test run: where it is, and the credentials of its first start. */
export type E2eServer = z.infer<typeof E2eServerSchema>;

/** Where start-server.ts leaves the answer for the test processes. */
export const E2E_SERVER_VARIABLE = "ORCA_E2E_SERVER";

/** Playwright's `test` with the running server at hand; `page.goto("/runs")` goes to it. */
export const test = base.extend<object, { server: E2eServer }>({
  server: [
    async ({}, use) => {
      await use(E2eServerSchema.parse(JSON.parse(process.env[E2E_SERVER_VARIABLE] ?? "null")));
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => {
    await use(server.baseUrl);
  },
});

export { expect } from "@playwright/test";
