import { importDocument, startRun, statusOf } from "./api.ts";
import { parsingSkill } from "./skills.ts";
import { expect, test } from "./signed-in.ts";

test("filters stand in the URL as chips, keys move and open, and Back returns to the list as it was", async ({
  page,
  server,
}) => {
  await importDocument(server, "parse.yaml", parsingSkill("e2e.listed"));
  const good = await startRun(server, "e2e.listed", { text: '{"a": 1}' });
  const bad = await startRun(
    server,
    "e2e.listed",
    { text: "not JSON" },
    { customer: "Harbour Ltd" },
  );
  await expect.poll(() => statusOf(server, good)).toBe("completed");
  await expect.poll(() => statusOf(server, bad)).toBe("failed");

  await page.goto("/runs?skill=e2e.listed");
  const rows = page.getByRole("table", { name: "Runs" }).getByRole("row");
  await expect(rows).toHaveCount(3);
  await page.getByRole("button", { name: "Status", exact: true }).click();
  await page.getByRole("menuitemcheckbox", { name: "Failed" }).click();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/status=failed/);
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Remove filter Status Failed" }).click();
  await expect(rows).toHaveCount(3);

  await page.locator("main").focus();
  await page.keyboard.press("f");
  await page.keyboard.type("Harbour");
  await expect(page).toHaveURL(/q=Harbour/);
  await expect(rows).toHaveCount(2);
  await page.locator("main").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/runs/${bad}`));
  await page.goBack();
  await expect(page).toHaveURL(/skill=e2e.listed.*q=Harbour/);
  await page.getByRole("button", { name: "Remove filter Skill e2e.listed" }).click();
  await page.getByRole("searchbox").fill("nothing is called this");
  await expect(page.getByText("No run matches these filters")).toBeVisible();
});

test("the palette opens a run by the beginning of its id and a page by its name", async ({
  page,
  server,
}) => {
  await importDocument(server, "parse.yaml", parsingSkill("e2e.palette"));
  const runId = await startRun(server, "e2e.palette", { text: "{}" });
  await page.goto("/");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox").fill(runId);
  await page.getByRole("option", { name: new RegExp(runId) }).click();
  await expect(page).toHaveURL(new RegExp(runId));
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox").fill("sett");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/settings$/);
  await page.locator("main").focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys of this page" })).toBeVisible();
});
