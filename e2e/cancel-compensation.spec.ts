import { AxeBuilder } from "@axe-core/playwright";
import { z } from "zod";
import { callApi, importDocument, startRun, statusOf } from "./api.ts";
import { undoableSkill } from "./skills.ts";
import { expect, test } from "./signed-in.ts";

const SKILL = "e2e.undoable";
const OutputsSchema = z.object({
  status: z.string(),
  compensation: z.string(),
  left_standing: z.array(z.object({ capability_id: z.string() })),
});

test("on a phone nothing of a run's actions is out of reach", async ({ page, server }) => {
  await importDocument(server, "skills/undoable.yaml", undoableSkill(SKILL));
  const runId = await startRun(server, SKILL, { customer: "Ada" });
  await expect.poll(() => statusOf(server, runId)).toBe("waiting_for_signal");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/runs/${runId}`);
  await expect(page.getByRole("button", { name: "Cancel", exact: true })).toBeInViewport({
    ratio: 1,
  });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test("canceling a run asks whether to undo what it did, names each effect, and shows what came of it", async ({
  page,
  server,
}) => {
  await importDocument(server, "skills/undoable.yaml", undoableSkill(SKILL));
  const runId = await startRun(server, SKILL, { customer: "Ada" });
  await expect.poll(() => statusOf(server, runId)).toBe("waiting_for_signal");

  await page.goto(`/runs/${runId}`);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel this run" });
  const undo = dialog.getByRole("list", { name: "What would be undone" }).getByRole("listitem");
  await expect(undo).toHaveText([
    /open_ticket.*task\.ticket\.close/,
    /charge.*payment\.charge\.refund/,
  ]);
  await expect(dialog.getByRole("list", { name: "What cannot be undone" })).toHaveText(
    /tell_customer.*email\.message\.send has no compensation/,
  );
  expect((await new AxeBuilder({ page }).include('[role="dialog"]').analyze()).violations).toEqual(
    [],
  );
  await expect(dialog.getByRole("button", { name: "Cancel run" })).toBeVisible();
  await dialog
    .getByRole("checkbox", { name: "Undo what it did outside (2 effects)" })
    .press("Space");
  await dialog.getByRole("textbox", { name: /Reason/ }).fill("wrong order");
  await dialog.getByRole("button", { name: "Undo and cancel" }).click();
  await expect(dialog).toBeHidden();

  await expect(
    page.getByText(
      /^Canceled after .* What it did outside was undone\. 1 effect stands all the same\.$/,
    ),
  ).toBeVisible();
  await expect(page.getByText("“wrong order”")).toBeVisible();
  await expect(page.getByRole("term").filter({ hasText: /^Undoing$/ })).toBeVisible();
  await expect(page.getByRole("link", { name: "Resume…" })).toHaveCount(0);
  const graph = page.getByLabel("Graph of the steps");
  await expect(graph.getByText("Undone")).toHaveCount(2);

  await page.goto(`/runs/${runId}?step=charge&tab=effects`);
  const effects = page.getByRole("list", { name: "Effects" }).getByRole("listitem");
  await expect(effects).toHaveCount(2);
  await expect(effects.first()).toContainText("Undone");
  await expect(effects.last()).toContainText("payment.charge.refund");
  await effects.first().getByRole("link").click();
  const panel = page.getByRole("region", { name: "Effect", exact: true });
  await expect(panel.getByText("payment.charge.create").first()).toBeVisible();
  const undoneBy = panel.getByText("Undone by").locator("xpath=following-sibling::*[1]");
  await undoneBy.getByRole("link").click();
  await expect(panel.getByText("payment.charge.refund").first()).toBeVisible();
  await expect(panel.getByText("Undoes", { exact: true })).toBeVisible();

  expect(OutputsSchema.parse(await callApi(server, `/runs/${runId}`))).toEqual({
    status: "canceled",
    compensation: "completed",
    left_standing: [{ capability_id: "email.message.send" }],
  });
});
