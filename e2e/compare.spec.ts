import { importDocument, startRun, statusOf } from "./api.ts";
import { longSkill } from "./skills.ts";
import { expect, test } from "./signed-in.ts";
import type { E2eServer } from "./server.ts";

const INPUTS = {
  title: "The harbour opens again.",
  text: '{"boats": 3, "names": ["Ada", "Grace"]}',
  lines: ["Please move your boats.", "Danke für die Fische."],
};

async function endedRun(server: E2eServer, skill: string, inputs: object): Promise<string> {
  const runId = await startRun(server, skill, { ...INPUTS, ...inputs });
  await expect.poll(() => statusOf(server, runId)).toMatch(/completed|failed/);
  return runId;
}

test("a run is compared with another one from its own page, and the page opens where they part", async ({
  page,
  server,
}) => {
  await importDocument(server, "long.yaml", longSkill("e2e.compare"));
  const failed = await endedRun(server, "e2e.compare", { text: "{ no JSON" });
  const done = await endedRun(server, "e2e.compare", {});

  await page.goto(`/runs/${done}`);
  await page.getByRole("button", { name: "Compare with…" }).click();
  const dialog = page.getByRole("dialog", { name: "Compare with another run" });
  await expect(dialog.getByRole("link").filter({ hasText: done })).toHaveCount(0);
  await dialog.getByRole("link").filter({ hasText: failed }).click();
  await page.waitForURL(`/compare?a=${done}&b=${failed}`);

  const table = page.getByRole("table", { name: "Aligned steps" });
  await expect(table.getByRole("row", { name: /^8 equal steps/ })).toBeVisible();
  await expect(table.getByRole("row", { name: /^parse first difference/ })).toHaveAttribute(
    "aria-current",
    "true",
  );
  const details = page.getByRole("region", { name: "What differs" });
  await expect(details.getByRole("heading", { name: "parse" })).toBeVisible();
  await expect(details).toContainText("4 later steps differ because of this one.");
  await expect(details).toContainText("input.text");
  await expect(details).toContainText('"{ no JSON"');

  await table.getByRole("button", { name: "8 equal steps" }).click();
  await expect(table.getByRole("button", { name: "detect_3" })).toBeVisible();
});

test("the keyboard goes from difference to difference, Enter opens, Back returns, the address says what is open", async ({
  page,
  server,
}) => {
  await importDocument(server, "long.yaml", longSkill("e2e.compare-keys"));
  const a = await endedRun(server, "e2e.compare-keys", {});
  const b = await endedRun(server, "e2e.compare-keys", { lines: ["One.", "Two.", "Three."] });
  await page.goto(`/compare?a=${a}&b=${b}`);
  const details = page.getByRole("region", { name: "What differs" });
  await expect(details.getByRole("heading", { name: "each_line", exact: true })).toBeVisible();
  await expect(details).toContainText("input.items[0]");
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  // Moving alone opens nothing, and asks for no payload.
  await expect(details.getByRole("heading", { name: "each_line", exact: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/step=each_line%231/);
  await expect(details.getByRole("heading", { name: "each_line#1" })).toBeVisible();
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await expect(details.getByRole("heading", { name: "The runs as wholes" })).toBeVisible();
  await expect(details).toContainText("inputs.lines[2]");
  await page.goBack();
  await expect(details.getByRole("heading", { name: "each_line#1" })).toBeVisible();
  await page.reload();
  await expect(details.getByRole("heading", { name: "each_line#1" })).toBeVisible();
  await page.getByRole("link", { name: "Swap" }).click();
  await expect(page).toHaveURL(new RegExp(`a=${b}&b=${a}&step=each_line%231`));
});

test("the page compares a run with itself, asks for what is missing, and says what is not there", async ({
  page,
  server,
}) => {
  await importDocument(server, "long.yaml", longSkill("e2e.compare-choose"));
  const run = await endedRun(server, "e2e.compare-choose", {});
  const other = await endedRun(server, "e2e.compare-choose", {});
  await page.goto(`/compare?a=${run}&b=${run}`);
  await expect(page.getByText("This is one and the same run.")).toBeVisible();
  await expect(page.getByRole("button", { name: "13 equal steps" })).toBeVisible();

  await page.goto("/compare");
  await page.getByRole("searchbox").fill(run);
  await page.getByRole("link").filter({ hasText: run }).click();
  await expect(page).toHaveURL(`/compare?a=${run}`);
  await page.getByRole("link").filter({ hasText: other }).click();
  await expect(page.getByText("Inputs, status and outputs are equal.").first()).toBeVisible();

  await page.goto(`/compare?a=${run}&b=run_nowhere`);
  await expect(page.getByText("There is no such run")).toBeVisible();
  await expect(page.getByText("run_nowhere")).toBeVisible();
});

test("runs of 5,000 occurrences are compared without a row for each", async ({ page, server }) => {
  test.setTimeout(180_000);
  await importDocument(server, "long.yaml", longSkill("e2e.compare-many"));
  const lines = Array.from({ length: 5_000 }, (_, index) => `Line ${index} of the letter.`);
  const a = await endedRun(server, "e2e.compare-many", { lines });
  const b = await endedRun(server, "e2e.compare-many", {
    lines: lines.with(4_000, "Danke schön."),
  });
  await page.goto(`/compare?a=${a}&b=${b}`);
  const table = page.getByRole("table", { name: "Aligned steps" });
  await expect(table.getByRole("button", { name: "4,000 equal steps" })).toBeVisible();
  await table.getByRole("button", { name: "4,000 equal steps" }).click();
  await expect(table.getByRole("button", { name: "each_line#0", exact: true })).toBeVisible();
  expect(await table.getByRole("row").count()).toBeLessThan(80);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/step=each_line%234000/);
  await expect(table.getByRole("button", { name: "each_line#4000" })).toBeVisible();
  await expect(page.getByRole("region", { name: "What differs" })).toContainText("Danke schön.");
});
