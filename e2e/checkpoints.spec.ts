import { z } from "zod";
import { callApi, importDocument, startRun, statusOf } from "./api.ts";
import { askingSkill } from "./skills.ts";
import { expect, test } from "./signed-in.ts";

const ListSchema = z.object({
  items: z.array(
    z.object({ checkpoint_id: z.string(), kind: z.string(), step_path: z.string().nullable() }),
  ),
});

test("one goes along a run's checkpoints, sees what each step changed and the state there, and pins one", async ({
  page,
  server,
}) => {
  await importDocument(server, "ask.yaml", askingSkill("e2e.checkpoints"));
  const runId = await startRun(server, "e2e.checkpoints", {
    text: "The harbour opens again on Monday.",
    lines: ["Thank you for the fish."],
  });
  await expect.poll(() => statusOf(server, runId)).toBe("waiting_for_signal");
  const { items } = ListSchema.parse(await callApi(server, `/runs/${runId}/checkpoints`));
  const detected = items.find(({ step_path }) => step_path === "detect");

  await page.goto(`/runs/${runId}?step=detect`);
  const inspector = page.getByRole("region", { name: "Inspector" });
  const lane = page.getByRole("slider", { name: "Checkpoint" });
  await expect(lane).toHaveAttribute("aria-valuetext", "none chosen");
  await inspector.getByRole("button", { name: "after this step" }).click();
  await expect(page).toHaveURL(new RegExp(`checkpoint=${detected?.checkpoint_id}`));
  await expect(inspector.getByRole("heading", { name: "After detect" })).toBeVisible();
  const changes = inspector.getByRole("region", { name: "What changed" });
  await expect(changes).toContainText("added vars.language");
  await expect(changes).toContainText('"en"');

  await inspector.getByRole("tab", { name: "State" }).click();
  await expect(page).toHaveURL(/tab=state/);
  const state = inspector.getByRole("tree", { name: "the state" });
  await expect(state).toContainText("running");
  await expect(state).not.toContainText("languages");

  await lane.press("End");
  await expect(inspector.getByRole("heading", { name: "Waiting for a signal" })).toBeVisible();
  await expect(state).toContainText("waiting_for_signal");
  await expect(state).toContainText("languages");
  await inspector.getByRole("button", { name: "Pin" }).click();
  await expect(inspector.getByRole("button", { name: "Unpin" })).toBeVisible();
  const pinned = ListSchema.parse(await callApi(server, `/runs/${runId}/checkpoints?pinned=true`));
  expect(pinned.items.map(({ kind }) => kind)).toEqual(["waiting_for_signal"]);

  await page.reload();
  await expect(inspector.getByRole("heading", { name: "Waiting for a signal" })).toBeVisible();
  await inspector.getByRole("button", { name: "Unpin" }).click();
  await expect(inspector.getByRole("button", { name: "Pin", exact: true })).toBeVisible();
  await page.keyboard.press("f");
  await expect(page).toHaveURL(/\/plan\?operation=fork&checkpoint=chk_/);
  await page.goBack();
  await expect(inspector.getByRole("button", { name: "Pin", exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/checkpoint=/);

  const box = await lane.boundingBox();
  await lane.click({ position: { x: 1, y: (box?.height ?? 0) / 2 } });
  await expect(page).toHaveURL(/checkpoint=chk_/);
  await page.goBack();
  await expect(page).not.toHaveURL(/checkpoint=/);
});

test("a checkpoint that is not the run's says so", async ({ page, server }) => {
  await importDocument(server, "ask.yaml", askingSkill("e2e.checkpoints"));
  const runId = await startRun(server, "e2e.checkpoints", { text: "Monday.", lines: [] });
  await page.goto(`/runs/${runId}?checkpoint=chk_0_1`);
  const inspector = page.getByRole("region", { name: "Inspector" });
  await expect(inspector.getByRole("alert")).toContainText("checkpoint_not_found");
  await inspector.getByRole("button", { name: "Close the checkpoint" }).click();
  await expect(inspector.getByRole("heading", { name: "Run" })).toBeVisible();
});
