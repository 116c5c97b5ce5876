import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { importDocument, startRun, statusOf } from "./api.ts";
import {
  askingSkill,
  callingSkill,
  nativeBinding,
  parsingSkill,
  privilegedCapability,
} from "./skills.ts";
import { expect, test } from "./signed-in.ts";

test("a run is started from its skill's form, watched live, inspected, and canceled", async ({
  page,
  server,
}) => {
  await importDocument(server, "ask.yaml", askingSkill("e2e.journey"));
  await page.goto("/registry/skills/e2e.journey");
  await page.getByRole("link", { name: "Start a run" }).click();

  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByText("This input is required.").first()).toBeVisible();
  await page.getByRole("textbox", { name: "lines" }).fill('["one",\n two]');
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByText("Line 2, column 2")).toBeVisible();
  await page.getByRole("button", { name: "Two lines of English" }).click();
  await page.getByRole("button", { name: "Start run" }).click();

  await page.waitForURL(/\/runs\/run_/);
  const runId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await expect(page.getByText(/^Waiting for the signal go at ask/)).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const node = (step: string) => page.locator(".react-flow__node").filter({ hasText: step });
  await expect(node("detect").first()).toContainText("Completed");
  await expect(node("each_line").getByRole("img", { name: "2 completed of 2" })).toBeVisible();
  await expect(node("ask")).toContainText("Waiting");
  await expect(node("finish")).toContainText("Pending");

  await node("detect").first().click();
  await expect(page).toHaveURL(/step=detect/);
  const inspector = page.getByRole("region", { name: "Inspector" });
  await inspector.getByRole("tab", { name: "Output" }).click();
  await expect(inspector.getByRole("tree")).toContainText("language");
  await inspector.getByRole("tab", { name: "Binding" }).click();
  await expect(inspector.getByText("Why this one")).toBeVisible();
  await inspector.getByRole("tab", { name: "Definition" }).click();
  await expect(inspector.getByRole("region", { name: /definition of detect/ })).toContainText(
    "perception.language.detect",
  );
  await page.goBack();
  await expect(inspector.getByRole("tab", { name: "Binding" })).toHaveAttribute(
    "aria-selected",
    "true",
  );

  await page.getByRole("tab", { name: /^Events \d/ }).click();
  await expect(page.getByRole("list", { name: "Events" })).toContainText("run.waiting_for_signal");

  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("the order was withdrawn");
  await page.getByRole("button", { name: "Cancel run" }).click();
  await expect(page.getByText(/^Canceled after/)).toBeVisible();
  await expect(node("finish")).toContainText(/Canceled|Not reached/);
  expect(await statusOf(server, runId)).toBe("canceled");
});

test("a signal sent from the waiting step lets the run come to its end while one looks on", async ({
  page,
  server,
}) => {
  await importDocument(server, "ask.yaml", askingSkill("e2e.signal"));
  const runId = await startRun(server, "e2e.signal", {
    text: "The harbour opens again.",
    lines: ["Thank you."],
  });
  await page.goto(`/runs/${runId}?step=ask`);
  await page.getByRole("button", { name: "Send the signal go" }).click();
  await page.getByRole("button", { name: "Send signal" }).click();
  await expect(page.getByText(/^Completed in/)).toBeVisible();
  await expect(page.locator(".react-flow__node").filter({ hasText: "finish" })).toContainText(
    "Completed",
  );
  expect(await statusOf(server, runId)).toBe("completed");
});

test("a failed run opens at the step that failed, and is started again with what it was given", async ({
  page,
  server,
}) => {
  await importDocument(server, "parse.yaml", parsingSkill("e2e.failing"));
  const runId = await startRun(server, "e2e.failing", { text: "this is { not JSON" });
  await expect.poll(() => statusOf(server, runId)).toBe("failed");
  await page.goto(`/runs/${runId}`);
  const inspector = page.getByRole("region", { name: "Inspector" });
  await expect(inspector.getByRole("heading", { name: "parse" })).toBeVisible();
  await expect(inspector.getByRole("group", { name: "Error" })).toContainText("invalid_request");
  await expect(page.locator(".react-flow__node").filter({ hasText: "after" })).toContainText(
    "Not reached",
  );
  await page.getByRole("link", { name: "Start again" }).click();
  await expect(page.getByRole("textbox", { name: "text" })).toHaveValue("this is { not JSON");
});

test("a step that policy blocked says which rule did, why, and what to do", async ({
  page,
  server,
}) => {
  const capability = "text.guarded.detect";
  await importDocument(server, "guarded.yaml", privilegedCapability(capability));
  await importDocument(server, "native.yaml", nativeBinding(capability));
  await importDocument(server, "calling.yaml", callingSkill("e2e.guarded", capability));
  const runId = await startRun(server, "e2e.guarded", {}, {}, { trust_level: "standard" });
  await expect.poll(() => statusOf(server, runId)).toBe("failed");
  await page.goto(`/runs/${runId}`);
  const error = page
    .getByRole("region", { name: "Inspector" })
    .getByRole("group", { name: "Error" });
  await expect(error).toContainText("safety_denied");
  await expect(error).toContainText('requires the trust level "privileged"');
  await expect(error).toContainText("Start the run as somebody who may");
  await page.getByRole("tab", { name: /^Events \d/ }).click();
  await expect(page.getByRole("list", { name: "Events" })).toContainText("policy.evaluated");
  const trusted = await startRun(server, "e2e.guarded");
  await expect.poll(() => statusOf(server, trusted)).toBe("completed");
});

test("a run is saved as a replay pack that holds its history", async ({ page, server }) => {
  await importDocument(server, "parse.yaml", parsingSkill("e2e.packed"));
  const runId = await startRun(server, "e2e.packed", { text: '{"port": 4}' });
  await expect.poll(() => statusOf(server, runId)).toBe("completed");
  await page.goto(`/runs/${runId}`);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export replay pack" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe(`${runId}.orcapack.gz`);
  const lines = gunzipSync(readFileSync(await file.path())).toString();
  expect(lines).toContain('"format":"orca-replay-pack"');
  expect(lines).toContain('\n["run.completed",');
});

test("a run that is not there says so, and a narrow screen shows the steps instead of the graph", async ({
  page,
  server,
}) => {
  await page.goto("/runs/run_00000000000000000000000000000000");
  await expect(page.getByText("There is no such run")).toBeVisible();
  await importDocument(server, "ask.yaml", askingSkill("e2e.narrow"));
  const runId = await startRun(server, "e2e.narrow", {
    text: "The harbour opens again.",
    lines: [],
  });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/runs/${runId}`);
  await expect(page.getByText("need a window of at least 1024 px")).toBeVisible();
  await expect(page.getByRole("list", { name: "Steps" })).toContainText("ask");
});
