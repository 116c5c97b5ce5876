import { AxeBuilder } from "@axe-core/playwright";
import { z } from "zod";
import { callApi, importDocument, startRun, statusOf } from "./api.ts";
import { keepPicture } from "./keep-picture.ts";
import { approvalSkill, PIGEON, secretSkill } from "./skills.ts";
import { expect, test } from "./signed-in.ts";

const ApprovalsSchema = z.object({ items: z.array(z.object({ approval_id: z.string() })) });
const RunSchema = z.object({ outputs: z.record(z.string(), z.unknown()).nullable() });

test.beforeEach(async ({ server }) => {
  for (const [path, content] of Object.entries(PIGEON)) {
    await importDocument(server, path, content);
  }
  await importDocument(server, "ask.yaml", approvalSkill("e2e.approvals"));
});

test("one decides a form with an edit and a confirmation, by keyboard, and the run completes", async ({
  page,
  server,
}) => {
  const customer = `Ada ${Date.now()}`;
  const runId = await startRun(server, "e2e.approvals", { customer });
  await expect.poll(() => statusOf(server, runId)).toBe("waiting_for_human");

  await page.goto(`/runs/${runId}?step=agree`);
  await expect(
    page.getByText(/^Waiting for an approval by approver at agree, due in/),
  ).toBeVisible();
  const inspector = page.getByRole("region", { name: "Inspector" });
  await inspector.getByRole("link", { name: "Decide this approval" }).click();
  await expect(page).toHaveURL(/\/approvals\?tab=pending&id=apr_/);
  const form = page.getByRole("article", { name: "Refund this customer?" });
  await expect(form).toContainText(/agree completes with these values, and the run goes on/);
  await expect(form.getByText(/sha256:jcs1:/)).toBeVisible();
  await expect(page.getByRole("navigation").getByText(/waiting for you/)).toBeAttached();

  const amount = form.getByRole("textbox", { name: "amount" });
  await amount.fill("900");
  await form.getByRole("button", { name: "Approve" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("list", { name: "What you edited" })).toContainText(
    "amountwas 120→900",
  );
  await dialog.getByRole("button", { name: "Approve with edits" }).click();
  await expect(dialog).toContainText("must be <= 500");
  await page.keyboard.press("Escape");
  await amount.fill("90");
  await amount.blur();
  await page.keyboard.press("a");
  await dialog.getByRole("button", { name: "Approve with edits" }).click();
  await expect(form.getByText("Approved", { exact: true })).toBeVisible();
  await expect(form.getByRole("list", { name: "What was edited" })).toContainText(
    "amountwas 120→90",
  );

  await page.goto("/approvals");
  const list = page.getByRole("region", { name: "List of approvals" });
  await expect(list).toContainText("Call message.pigeon.send? What it does cannot be undone.");
  while (!(await page.getByRole("tree", { name: "the payload" }).innerText()).includes(customer)) {
    const before = page.url();
    await page.keyboard.press("j");
    await expect(page).not.toHaveURL(before);
    await expect(page.getByRole("tree", { name: "the payload" })).toBeVisible();
  }
  await expect(page.getByText("Payload, as it will be sent")).toBeVisible();
  await expect(page.getByRole("article")).toContainText(
    "message.pigeon.send is called once with exactly this payload",
  );
  await page.getByRole("button", { name: "I'm on it" }).click();
  await expect(list.getByText("is on it")).toBeVisible();
  await page.keyboard.press("a");
  await dialog.getByRole("button", { name: "Approve", exact: true }).click();
  await expect.poll(() => statusOf(server, runId)).toBe("completed");
  expect(RunSchema.parse(await callApi(server, `/runs/${runId}`)).outputs).toEqual({ amount: 90 });

  await page.getByRole("tab", { name: "Decided" }).click();
  await expect(page).toHaveURL(/tab=decided/);
  await expect(list).toContainText("Approved");
});

test("one denies with a reason, which is needed, and the run is canceled", async ({
  page,
  server,
}) => {
  const runId = await startRun(server, "e2e.approvals", { customer: "Bob" });
  await expect.poll(() => statusOf(server, runId)).toBe("waiting_for_human");
  await page.goto(`/runs/${runId}?step=send_pigeon`);
  await page
    .getByRole("region", { name: "Inspector" })
    .getByRole("link", { name: "Decide this approval" })
    .click();
  await expect(page.getByRole("article")).toContainText("as it will be sent");
  await page.keyboard.press("d");
  const dialog = page.getByRole("dialog");
  const deny = dialog.getByRole("button", { name: "Deny and cancel the run" });
  await expect(deny).toBeDisabled();
  await dialog.getByRole("textbox").fill("no pigeons in winter");
  await deny.click();
  await expect.poll(() => statusOf(server, runId)).toBe("canceled");
  await expect(page.getByRole("list").filter({ hasText: "no pigeons in winter" })).toBeVisible();
  await page.goto(`/runs/${runId}`);
  await expect(page.getByText(/^Canceled after/)).toBeVisible();
});

test("an approval that is none says so, on a phone the list and the question take turns", async ({
  page,
  server,
}) => {
  await startRun(server, "e2e.approvals", { customer: "Cleo" });
  await page.goto("/approvals?id=apr_0_1");
  await expect(page.getByRole("main").getByRole("alert")).toContainText("not_found");
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto("/approvals");
  const list = page.getByRole("region", { name: "List of approvals" });
  await list.getByRole("button", { name: /run …/ }).first().click();
  await expect(page.getByRole("article")).toBeVisible();
  await expect(list).toBeHidden();
  await page.getByRole("button", { name: "All approvals" }).click();
  await expect(list).toBeVisible();
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa"])
    .analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

for (const theme of ["light", "dark"] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });
    test("a question to a group hides its secret, and several are selected and decided together", async ({
      page,
      server,
    }) => {
      const group = `treasury ${theme}`;
      await callApi(server, "/groups", { name: group, members: [server.adminEmail] });
      const skillId = `e2e.transfer_${theme}`;
      await importDocument(server, "transfer.yaml", secretSkill(skillId, group));
      const token = "Bearer s3cr3t-0f-the-b4nk";
      const runs: string[] = [];
      for (const customer of ["Ada", "Bob"]) {
        runs.push(await startRun(server, skillId, { customer, token }));
        await expect.poll(() => statusOf(server, runs.at(-1) ?? "")).toBe("waiting_for_human");
      }
      await page.goto("/settings");
      await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
      await page.keyboard.press("ControlOrMeta+Shift+J");
      // Whichever it is: others ask at the same time.
      await expect(page).toHaveURL(/\/approvals\?id=apr_/);
      const { items } = ApprovalsSchema.parse(await callApi(server, `/runs/${runs[1]}/approvals`));
      await page.goto(`/approvals?id=${items[0]?.approval_id}`);
      const question = page.getByRole("article", { name: "Transfer 90 to this customer?" });
      await expect(question).toContainText(`group ${group}`);
      await expect(question).toContainText("Bob");
      await expect(question).toContainText("One secret is shown as [redacted].");
      await expect(page.locator("body")).not.toContainText("s3cr3t");
      await keepPicture(page, `masked-${theme}`);

      const list = page.getByRole("region", { name: "List of approvals" });
      const boxes = list.getByRole("checkbox", { name: /Transfer 90/ });
      const own = (customer: string) =>
        list
          .getByRole("listitem")
          .filter({ hasText: `${skillId} › agree` })
          .filter({ hasText: `customer ${customer}` });
      await page.keyboard.press("x");
      await expect(own("Bob").getByRole("checkbox")).toBeChecked();
      await expect(page).toHaveURL(/selected=apr_/);
      await own("Ada").getByRole("checkbox").click();
      await expect(list.getByRole("status")).toContainText("2 selected");
      await page.reload();
      await expect(list.getByRole("status")).toContainText("2 selected");
      await expect(boxes.first()).toBeVisible();
      await keepPicture(page, `selected-${theme}`);
      await page.keyboard.press("l");
      const all = page.getByRole("dialog", { name: "Decide 2 alike" });
      await all.getByRole("button", { name: "Approve all 2" }).click();
      await expect(all).toBeHidden();
      for (const runId of runs) {
        await expect.poll(() => statusOf(server, runId)).toBe("completed");
        const { outputs } = RunSchema.parse(await callApi(server, `/runs/${runId}`));
        expect(outputs).toEqual({ token });
      }
      await expect(page).not.toHaveURL(/selected=/);
    });

    test("the inbox passes axe with a form, a payload and a dialog", async ({ page, server }) => {
      const runId = await startRun(server, "e2e.approvals", { customer: "Dan" });
      await expect.poll(() => statusOf(server, runId)).toBe("waiting_for_human");
      const check = async () => {
        const { violations } = await new AxeBuilder({ page })
          .withTags(["wcag2a", "wcag2aa", "wcag21aa"])
          .analyze();
        expect(
          violations.map(({ id, nodes }) => `${id} at ${nodes[0]?.html.slice(0, 300) ?? ""}`),
        ).toEqual([]);
      };
      for (const step of ["agree", "send_pigeon"]) {
        await page.goto(`/runs/${runId}?step=${step}`);
        await page.getByRole("link", { name: "Decide this approval" }).click();
        await expect(page.getByRole("article")).toBeVisible();
        await keepPicture(page, `${step}-${theme}`);
        await check();
      }
      await page.keyboard.press("d");
      await expect(page.getByRole("dialog")).toBeVisible();
      await keepPicture(page, `deny-${theme}`);
      await check();
      await page.goto("/approvals?tab=decided");
      await expect(page.getByRole("heading", { name: "Approvals" })).toBeVisible();
      await check();
    });
  });
}
