import { keepPicture } from "./keep-picture.ts";
import { expect, test } from "./signed-in.ts";

test("a key is shown once, works while it lives, and is refused once revoked", async ({
  page,
  server,
}) => {
  await page.goto("/settings");
  await page.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("e2e reader");
  await dialog.getByRole("button", { name: "Create key" }).click();
  await expect(page.getByRole("dialog", { name: "Copy the key now" })).toBeVisible();
  const key = await page.getByRole("dialog").locator("code").innerText();
  const ask = async () =>
    (await fetch(`${server.baseUrl}/api/v1/runs`, { headers: { authorization: `Bearer ${key}` } }))
      .status;
  expect(await ask()).toBe(200);
  await page.getByRole("button", { name: "I have it" }).click();
  await expect(page.getByText(key)).toHaveCount(0);
  await page.getByRole("button", { name: "Revoke e2e reader" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "e2e reader" })).toContainText(
    "revoked",
  );
  expect(await ask()).toBe(401);
});

for (const theme of ["light", "dark"] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });
    test("a group is made, changed and removed", async ({ page, server }) => {
      const name = `finance ${theme}`;
      await page.goto("/settings?tab=groups");
      await page.getByRole("button", { name: "Create group" }).click();
      const dialog = page.getByRole("dialog", { name: "Create a group" });
      await dialog.getByLabel("Name").fill(name);
      await dialog.getByLabel("People").fill("nobody@none.org");
      await dialog.getByRole("button", { name: "Create group" }).click();
      await expect(dialog).toContainText("There is no nobody@none.org in this tenant.");
      await dialog.getByLabel("People").fill(server.adminEmail);
      await keepPicture(page, `group-dialog-${theme}`);
      await dialog.getByRole("button", { name: "Create group" }).click();
      const row = page.getByRole("listitem").filter({ hasText: name });
      await expect(row).toContainText(server.adminEmail);
      await keepPicture(page, `groups-${theme}`);
      await row.getByRole("button", { name: `Change ${name}` }).click();
      await page.getByLabel("People").fill("");
      await page.getByRole("button", { name: "Save" }).click();
      await expect(row).toContainText("Nobody");
      await row.getByRole("button", { name: `Remove ${name}` }).click();
      await page.getByRole("button", { name: "Remove group" }).click();
      await expect(row).toHaveCount(0);
    });
  });
}

test("the theme that was chosen is there at the first paint of the next page", async ({ page }) => {
  await page.goto("/settings?tab=environments");
  await expect(page.getByRole("list", { name: "Environments" })).toContainText("dev");
  await page.getByRole("radio", { name: "Dark theme" }).click();
  const response = await page.request.get("/settings");
  expect(await response.text()).toContain('data-theme="dark"');
});

test("signing out closes the door behind", async ({ browser, server }) => {
  // A context of its own: signing out must not end the session that the other journeys share.
  const context = await browser.newContext({ baseURL: server.baseUrl });
  const page = await context.newPage();
  await page.goto("/sign-in?next=%2Fsettings");
  await page.getByLabel("E-mail").fill(server.adminEmail);
  await page.getByLabel("Password").fill(server.adminPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in/);
  await page.goto("/runs");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await context.close();
});
