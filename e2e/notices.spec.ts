import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "./signed-in.ts";

for (const theme of ["light", "dark"] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });
    test("one adds a webhook, sees its secret once, switches it off and removes it", async ({
      page,
    }) => {
      const name = `chat ${theme}`;
      await page.goto("/settings?tab=notices");
      await page.getByRole("button", { name: "Add webhook" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox", { name: "Name" }).fill(name);
      await dialog.getByRole("textbox", { name: "URL" }).fill("ftp://chat.example.com");
      await dialog.getByRole("button", { name: "Add webhook" }).click();
      await expect(dialog).toContainText("only http and https can be called");
      await dialog.getByRole("textbox", { name: "URL" }).fill("https://chat.example.com/orca");
      await dialog.getByRole("combobox", { name: "Environment" }).selectOption("prod");
      await dialog.getByRole("button", { name: "Add webhook" }).click();
      await expect(dialog).toContainText("whsec_");
      await dialog.getByRole("button", { name: "I have it" }).click();
      const channel = page.getByRole("listitem").filter({ hasText: name });
      await expect(channel).toContainText("https://chat.example.com/orca");
      await expect(channel).toContainText("prod");
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21aa"])
        .analyze();
      expect(violations.map(({ id }) => id)).toEqual([]);
      const folder = process.env["ORCA_SCREENSHOTS"];
      if (folder !== undefined) await page.screenshot({ path: `${folder}/notices-${theme}.png` });
      await channel.getByRole("button", { name: `Switch ${name} off` }).click();
      await expect(channel.getByRole("button", { name: `Switch ${name} on` })).toBeVisible();
      await channel.getByRole("button", { name: `Remove ${name}` }).click();
      await expect(channel).toBeHidden();
    });
  });
}
