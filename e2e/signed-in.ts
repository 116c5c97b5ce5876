import type { BrowserContext } from "@playwright/test";
import { test as base } from "./server.ts";
import { signIn } from "./sign-in.ts";

type Session = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** Playwright's `test` with pages that are signed in as the administrator; each worker signs in once. */
export const test = base.extend<object, { session: Session }>({
  session: [
    async ({ browser, server }, use) => {
      const context = await browser.newContext({ baseURL: server.baseUrl });
      await signIn(await context.newPage(), server);
      const session = await context.storageState();
      await context.close();
      await use(session);
    },
    { scope: "worker" },
  ],
  storageState: async ({ session }, use) => {
    await use(session);
  },
});

export { expect } from "@playwright/test";
