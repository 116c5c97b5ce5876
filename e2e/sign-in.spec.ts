import { expect, test } from "./server.ts";
import { signIn } from "./sign-in.ts";

test("a stranger is led to the door, a wrong password is refused, and the right one leads on", async ({
  page,
  server,
}) => {
  await page.goto("/runs");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel("E-mail").fill(server.adminEmail);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("E-mail or password is not right.")).toBeVisible();
  await page.getByLabel("Password").fill(server.adminPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/runs$/);
});

test("a destination on another site is not followed after signing in", async ({ page, server }) => {
  await page.goto("/sign-in?next=https%3A%2F%2Fexample.com");
  await page.getByLabel("E-mail").fill(server.adminEmail);
  await page.getByLabel("Password").fill(server.adminPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.origin === server.baseUrl && url.pathname !== "/sign-in");
});

test("after signing in the console's pages open", async ({ page, server }) => {
  await signIn(page, server, "/runs");
  await expect(page.getByRole("heading", { name: "Runs" })).toBeVisible();
});

test("before the page is alive, Enter does not put the password into the address", async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.baseUrl}/sign-in`);
  await page.getByLabel("E-mail").fill(server.adminEmail);
  await page.getByLabel("Password").fill("a secret");
  await page.getByLabel("Password").press("Enter");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeDisabled();
  expect(page.url()).toBe(`${server.baseUrl}/sign-in`);
  await context.close();
});
