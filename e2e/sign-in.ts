import type { Page } from "@playwright/test";
import type { E2eServer } from "./server.ts";

/** Signs the page in as the administrator of the first start, by the form, and ends on `destination`. */
export async function signIn(page: Page, server: E2eServer, destination = "/"): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(destination)}`);
  await page.getByLabel("E-mail").fill(server.adminEmail);
  await page.getByLabel("Password").fill(server.adminPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(new URL(destination, server.baseUrl).toString());
}
