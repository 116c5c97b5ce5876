import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { importDocument, startRun } from "./api.ts";
import { expect, test } from "./signed-in.ts";

const ASKING = `
id: e2e.told
version: 1.0.0
name: Told
description: Asks somebody, so that others are told.
steps:
  - id: ask
    uses: wait.approval
    input: { reason: "Pay the harbour?" }
`;

async function expectNoAxeViolation(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa"])
    .analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
}

async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env["ORCA_SCREENSHOTS"];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
}

for (const theme of ["light", "dark"] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });
    test("one adds a webhook, sees its secret once, switches it off, and removes it when asked", async ({
      page,
    }) => {
      const name = `chat ${theme}`;
      await page.goto("/settings?tab=notices");
      await page.getByRole("button", { name: "Add webhook" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox", { name: "Name" }).fill(name);
      await dialog.getByRole("textbox", { name: "URL" }).fill("http://169.254.169.254/latest");
      await dialog.getByRole("combobox", { name: "Environment" }).selectOption("prod");
      await dialog.getByRole("checkbox", { name: "A question goes to others" }).uncheck();
      await dialog.getByRole("button", { name: "Add webhook" }).click();
      await expect(dialog).toContainText("leads to a metadata address");
      await expectNoAxeViolation(page);
      await takePicture(page, `notices-refused-${theme}`);
      await dialog.getByRole("textbox", { name: "URL" }).fill("https://chat.invalid/orca");
      await dialog.getByRole("button", { name: "Add webhook" }).click();
      await expect(dialog).toContainText("whsec_");
      await dialog.getByRole("button", { name: "I have it" }).click();
      const channel = page.getByRole("listitem").filter({ hasText: name });
      await expect(channel).toContainText("https://chat.invalid/orca");
      await expect(channel).toContainText("prod");
      await expect(channel).toContainText("only when: somebody is asked");
      await expectNoAxeViolation(page);
      await channel.getByRole("button", { name: `Switch ${name} off` }).click();
      await expect(channel.getByRole("button", { name: `Switch ${name} on` })).toBeVisible();
      await channel.getByRole("button", { name: `Remove ${name}` }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Keep it" }).click();
      await expect(channel).toBeVisible();
      await channel.getByRole("button", { name: `Remove ${name}` }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Remove channel" }).click();
      await expect(channel).toBeHidden();
    });
  });
}

test("one adds an e-mail channel and sends it a test", async ({ page }) => {
  const name = "team";
  await page.goto("/settings?tab=notices");
  await page.getByRole("button", { name: "Add e-mail" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("textbox", { name: "Recipients" }).fill("ada@example.com\nbob@");
  await dialog.getByRole("combobox", { name: "Environment" }).selectOption("prod");
  await dialog.getByRole("button", { name: "Add e-mail" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("bob@ is no e-mail address.");
  await dialog
    .getByRole("textbox", { name: "Recipients" })
    .fill("ada@example.com\nbob@example.com");
  await takePicture(page, "notices-email");
  await dialog.getByRole("button", { name: "Add e-mail" }).click();
  const channel = page.getByRole("listitem").filter({ hasText: name });
  await expect(channel).toContainText("ada@example.com, bob@example.com");
  await channel.getByRole("button", { name: `Send a test to ${name}` }).click();
  await expect(channel).toContainText("It took the test within");
  await expectNoAxeViolation(page);
  await channel.getByRole("button", { name: `Remove ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove channel" }).click();
  await expect(channel).toBeHidden();
});

test("one sees a receiver fail, is told why, and sends again what it missed", async ({
  page,
  server,
}) => {
  let status = 503;
  // Other journeys ask people too, and this is told of it: only of its own it takes nothing.
  const receiver = createServer((request, response) => {
    void text(request).then((body) => {
      const isOwn = /"e2e\.told"|"channel\.test"/.test(body);
      response.writeHead(isOwn ? status : 204).end();
    });
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  const port = typeof address === "object" ? address?.port : 0;
  await importDocument(server, "told.yaml", ASKING);
  const name = "flaky";
  await page.goto("/settings?tab=notices");
  await page.getByRole("button", { name: "Add webhook" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("textbox", { name: "URL" }).fill(`http://127.0.0.1:${port}/orca`);
  await dialog.getByRole("combobox", { name: "Environment" }).selectOption("dev");
  await dialog.getByRole("button", { name: "Add webhook" }).click();
  await dialog.getByRole("button", { name: "I have it" }).click();
  const channel = page
    .getByRole("list", { name: "Channels" })
    .getByRole("listitem")
    .filter({ hasText: name });
  const test = channel.getByRole("button", { name: `Send a test to ${name}` });
  await test.click();
  await expect(channel).toContainText("It did not take the test. The receiver answered 503.");

  await startRun(server, "e2e.told");
  const deliveries = page.getByRole("list", { name: "Deliveries" }).getByRole("listitem");
  const missed = deliveries.filter({ hasText: "Pay the harbour?" });
  await expect(missed).toContainText("The receiver answered 503.");
  await expect(missed).toContainText("On its way");
  await channel.getByRole("button", { name: `Switch ${name} off` }).click();
  await expect(missed).toContainText("Not delivered");
  await page.getByRole("combobox", { name: "Which deliveries" }).selectOption("Not delivered");
  await expect(page).toHaveURL(/deliveries=dead/);
  await page.reload();
  await expect(missed).toContainText("The channel is switched off.");
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expectNoAxeViolation(page);
    await takePicture(page, `notices-${theme}`);
  }

  status = 204;
  await channel.getByRole("button", { name: `Switch ${name} on` }).click();
  await test.click();
  await expect(channel).toContainText("It took the test and answered 204");
  await missed.getByRole("button", { name: `Send the notice to ${name} again` }).click();
  await page.getByRole("combobox", { name: "Which deliveries" }).selectOption("All");
  await expect(missed).toContainText("Delivered");
  await channel.getByRole("button", { name: `Remove ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove channel" }).click();
  await expect(channel).toBeHidden();
  receiver.closeAllConnections();
  receiver.close();
});
