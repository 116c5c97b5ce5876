import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { z } from "zod";
import { callApi, importDocument, startRun, statusOf } from "./api.ts";
import { keepPicture } from "./keep-picture.ts";
import { draftingSkill } from "./skills.ts";
import { expect, test } from "./signed-in.ts";

const LineageSchema = z.object({
  items: z.array(z.object({ run_id: z.string(), status: z.string() })),
});

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa"])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id} at ${nodes[0]?.html.slice(0, 300) ?? ""}`),
  ).toEqual([]);
}

test("one pushes a question back by keyboard, and a run takes its place that begins again there", async ({
  page,
  server,
}) => {
  await importDocument(server, "ask.yaml", draftingSkill("e2e.push_back", "Is the draft good?"));
  const runId = await startRun(server, "e2e.push_back", { customer: "Ada" });
  await expect.poll(() => statusOf(server, runId)).toBe("waiting_for_human");
  await page.goto(`/runs/${runId}?step=agree`);
  await page.getByRole("link", { name: "Decide this approval" }).click();
  const question = page.getByRole("article", { name: "Is the draft good?" });
  await expect(question).toBeVisible();
  await page.keyboard.press("b");
  const dialog = page.getByRole("dialog", { name: "Push this back" });
  const send = dialog.getByRole("button", { name: "Push back to draft" });
  await expect(send).toBeDisabled();
  await expect(dialog.getByRole("combobox", { name: "Begin again at" })).toHaveValue("draft");
  await expect(dialog.getByRole("combobox", { name: "Hand the comment over as" })).toHaveValue(
    "remark",
  );
  await expect(dialog.getByRole("status")).toContainText(
    "Steps: 1 kept, 2 run again, 1 asked again.",
  );
  // It goes with the hash of the plan of just this comment.
  const ofComment = page.waitForResponse(
    (response) => /"warmer"/.test(response.request().postData() ?? "") && response.ok(),
  );
  await dialog.getByRole("textbox", { name: "Comment" }).fill("warmer");
  const planHash = /"plan_hash":"([^"]+)"/.exec(await (await ofComment).text())?.[1];
  const decided = page.waitForRequest((request) => /approvals[./]decide/.test(request.url()));
  await send.click();
  expect((await decided).postData()).toContain(`"plan_hash":"${planHash ?? "none"}"`);
  await expect.poll(() => statusOf(server, runId)).toBe("canceled");
  await expect(question.getByText("Pushed back", { exact: true })).toBeVisible();
  const decisions = question.getByRole("region", { name: "Decisions" });
  await expect(decisions).toContainText("pushed it back to draft");
  await decisions.getByRole("link", { name: "the run that took its place" }).click();
  await expect(page.getByText(/^Waiting for an approval by approver at agree/)).toBeVisible();
  const lineage = LineageSchema.parse(await callApi(server, `/runs/${runId}/lineage`));
  expect(lineage.items.map(({ status }) => status).toSorted()).toEqual([
    "canceled",
    "waiting_for_human",
  ]);
});

for (const theme of ["light", "dark"] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });
    test("alike questions are told apart, given to others, and decided together", async ({
      page,
      server,
    }) => {
      const skillId = `e2e.alike_${theme}`;
      const reason = `Good enough in the ${theme}?`;
      await importDocument(server, "ask.yaml", draftingSkill(skillId, reason));
      const customers = ["Ada", "Bob", "Cleo", "Dan"];
      const runs: string[] = [];
      for (const customer of customers) runs.push(await startRun(server, skillId, { customer }));
      for (const runId of runs)
        await expect.poll(() => statusOf(server, runId)).toBe("waiting_for_human");
      const group = `night shift ${theme}`;
      await callApi(server, "/groups", { name: group });
      await page.goto("/approvals");
      const list = page.getByRole("region", { name: "List of approvals" });
      const stack = list.getByRole("listitem").filter({ hasText: reason }).first();
      await expect(stack).toContainText("4 alike");
      for (const customer of customers) await expect(stack).toContainText(`customer ${customer}`);

      await stack.getByRole("button", { name: /customer Dan/ }).click();
      const question = page.getByRole("article", { name: reason });
      await expect(question).toContainText("Dan");
      await page.keyboard.press("r");
      const reassign = page.getByRole("dialog", { name: "Give this to others" });
      await expect(reassign).toBeVisible();
      await expectNoViolations(page);
      await keepPicture(page, `reassign-${theme}`);
      await reassign.getByRole("combobox", { name: "To" }).selectOption("One person");
      await reassign.getByRole("textbox", { name: "E-mail address or id" }).fill("nobody@none.org");
      await reassign.getByRole("button", { name: "Give it to them" }).click();
      await expect(reassign).toContainText("There is no nobody@none.org");
      await reassign.getByRole("combobox", { name: "To" }).selectOption("A group");
      await reassign.getByRole("combobox", { name: "Group" }).selectOption(group);
      await reassign.getByRole("button", { name: "Give it to them" }).click();
      await expect(reassign).toBeHidden();
      await expect(question).toContainText(`Only group ${group} may decide this.`);
      // Nobody is in that group: an administrator still gives it to others.
      await expect(question.getByRole("button", { name: /Approve/ })).toBeDisabled();
      await expect(question.getByRole("button", { name: /Reassign/ })).toBeEnabled();
      await expect(stack).toContainText("3 alike");

      await stack.getByRole("button", { name: /customer Ada/ }).click();
      await expect(page.getByRole("article", { name: reason })).toContainText("Ada");
      await keepPicture(page, `inbox-${theme}`);
      await page.keyboard.press("b");
      await expect(page.getByRole("dialog", { name: "Push this back" })).toContainText("kept");
      await expectNoViolations(page);
      await keepPicture(page, `push-back-${theme}`);
      await page.keyboard.press("Escape");
      await page.keyboard.press("l");
      const all = page.getByRole("dialog", { name: "Decide 3 alike" });
      await expect(all.getByRole("list", { name: "What is decided" })).toContainText(
        'customer "Cleo"',
      );
      await expect(all.getByRole("button", { name: "Deny all 3" })).toBeDisabled();
      await expectNoViolations(page);
      await keepPicture(page, `decide-all-${theme}`);
      await all.getByRole("button", { name: "Approve all 3" }).click();
      await expect(all).toBeHidden();
      for (const runId of runs.slice(0, 3))
        await expect.poll(() => statusOf(server, runId)).toBe("completed");
      expect(await statusOf(server, runs[3] ?? "")).toBe("waiting_for_human");
    });
  });
}
