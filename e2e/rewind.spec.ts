import { AxeBuilder } from "@axe-core/playwright";
import { importDocument, startRun, statusOf } from "./api.ts";
import { expect, test } from "./signed-in.ts";

const SKILL = `
id: e2e.rewind
version: 1.0.0
name: Rewind
description: Reads numbers and files a ticket for them.
inputs:
  text: { type: string, required: true }
outputs:
  ticket: { type: string, required: true }
steps:
  - { id: look, uses: perception.language.detect, input: { text: inputs.text }, output: { language: vars.language } }
  - { id: parse, uses: data.json.parse, input: { text: inputs.text }, output: { data: vars.data } }
  - id: file
    uses: task.ticket.create
    input: { title: inputs.text, description: vars.language }
    output: { ticket_id: outputs.ticket }
`;

test("a replay is planned before it is done, does what was planned, and repeats no effect", async ({
  page,
  server,
}) => {
  await importDocument(server, "rewind.yaml", SKILL);
  const source = await startRun(server, "e2e.rewind", { text: "[1, 2]" });
  await expect.poll(() => statusOf(server, source)).toBe("completed");

  await page.goto(`/runs/${source}?step=parse`);
  await page.getByRole("link", { name: "replay from this step" }).click();
  await expect(page).toHaveURL(`/runs/${source}/plan?operation=replay&step=parse`);
  const plan = page.getByRole("table", { name: "Plan" });
  await expect(plan.getByRole("row", { name: /^look Reuse/ })).toBeVisible();
  await expect(plan.getByRole("row", { name: /^parse Run again/ })).toBeVisible();
  await expect(plan.getByRole("row", { name: /^file Reuse.*ledger.*eff_/ })).toBeVisible();
  await expect(page.getByText(/^2 reused · 1 run again/)).toBeVisible();

  await page.getByRole("button", { name: "Run this plan" }).click();
  await page.waitForURL(
    (url) => /^\/runs\/run_\w+$/.test(url.pathname) && !url.pathname.includes(source),
  );
  await expect(page.getByText("Replays")).toContainText(source);
  await expect(page.getByRole("heading", { name: "e2e.rewind@1.0.0" })).toBeVisible();
  const made = new URL(page.url()).pathname.slice("/runs/".length);
  await expect.poll(() => statusOf(server, made)).toBe("completed");
});

test("other inputs change the plan, and a failed run is resumed from its plan", async ({
  page,
  server,
}) => {
  await importDocument(server, "rewind.yaml", SKILL);
  const failed = await startRun(server, "e2e.rewind", { text: "[1, 2" });
  await expect.poll(() => statusOf(server, failed)).toBe("failed");

  await page.goto(`/runs/${failed}`);
  await page.getByRole("link", { name: "Replay…" }).click();
  await expect(page.getByRole("row", { name: /^look Reuse/ })).toBeVisible();
  await page.getByRole("textbox", { name: "Inputs" }).fill('{"text": ');
  await expect(page.getByText(/Line 1, column 10/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Plan with these inputs" })).toBeDisabled();
  await page.getByRole("textbox", { name: "Inputs" }).fill('{"text": "[3]"}');
  await page.getByRole("button", { name: "Plan with these inputs" }).click();
  await expect(
    page.getByRole("row", { name: /^look Run again.*another one than recorded/ }),
  ).toBeVisible();

  await page.reload();
  await expect(
    page.getByRole("row", { name: /^look Run again.*another one than recorded/ }),
  ).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Inputs" })).toHaveValue(/\[3\]/);

  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByText(/^Its input is another one than recorded/i).first()).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.getByRole("link", { name: "Plan a resume instead" }).click();
  await expect(page.getByRole("row", { name: /^parse Run again/ })).toBeVisible();
  await page.getByRole("button", { name: "Run this plan" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Resume run" }).click();
  await page.waitForURL(`/runs/${failed}`);
  // It fails again where it failed: nothing was mended.
  await expect.poll(() => statusOf(server, failed)).toBe("failed");
});

test("a row is chosen for, a renamed step is mapped, and the new run does both", async ({
  page,
  server,
}) => {
  const skill = SKILL.replace("id: e2e.rewind", "id: e2e.renamed");
  await importDocument(server, "renamed.yaml", skill);
  const source = await startRun(server, "e2e.renamed", { text: "[1, 2]" });
  const newer = skill.replace("version: 1.0.0", "version: 2.0.0").replace("id: file", "id: ticket");
  await importDocument(server, "renamed-2.yaml", newer);
  await expect.poll(() => statusOf(server, source)).toBe("completed");

  await page.goto(`/runs/${source}/plan?operation=replay&step=file`);
  const version = page.getByRole("combobox", { name: "Version" });
  await expect(version).toHaveValue("1.0.0");
  await version.selectOption("2.0.0");
  await expect(page).toHaveURL(/version=2\.0\.0/);
  const mapping = page.getByRole("combobox", { name: /^Step file is now/ });
  await expect(mapping).toHaveValue("ticket");
  await expect(page.getByRole("row", { name: /^ticket Reuse.*ledger/ })).toBeVisible();

  const choice = page.getByRole("combobox", { name: "Choose for step look" });
  await choice.focus();
  await choice.selectOption({ label: "Run again" });
  await expect(page).toHaveURL(/choose=look%3Areexecute/);
  await expect(page.getByRole("row", { name: /^look Run again.*as was chosen/ })).toBeVisible();
  await mapping.selectOption({ label: "ticket" });
  await expect(page).toHaveURL(/map=file%3Aticket/);
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }

  await page.getByRole("button", { name: "Run this plan" }).click();
  await page.waitForURL(
    (url) => /^\/runs\/run_\w+$/.test(url.pathname) && !url.pathname.includes(source),
  );
  const made = new URL(page.url()).pathname.slice("/runs/".length);
  await expect.poll(() => statusOf(server, made)).toBe("completed");
  await expect(page.getByRole("heading", { name: "e2e.renamed@2.0.0" })).toBeVisible();
});
