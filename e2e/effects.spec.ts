import { once } from "node:events";
import { createServer } from "node:http";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { importDocuments, startRun, statusOf } from "./api.ts";
import { orderDocuments, orderingSkill } from "./skills.ts";
import type { E2eServer } from "./server.ts";
import { expect, test } from "./signed-in.ts";

const SKILL = "e2e.order";
const SECRET = "sk-live-9f8e7d6c5b";

/** A shop that takes orders, and hangs up on whoever asks for number 13; and the skill that orders there. */
async function openShop(server: E2eServer, skill: string) {
  const shop = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      if (body.includes('"13"')) return request.socket.destroy();
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ receipt: "shop-4711" }));
    });
  });
  shop.listen(0, "127.0.0.1");
  await once(shop, "listening");
  const address = shop.address();
  const baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  await importDocuments(server, [
    ...orderDocuments(baseUrl),
    { path: "skills/order.yaml", content: orderingSkill(skill) },
  ]);
  return {
    [Symbol.asyncDispose]: async () => {
      shop.closeAllConnections();
      await new Promise((resolve) => shop.close(resolve));
    },
  };
}

async function expectNoViolations(page: Page): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page })
      .withTags(["wcag2a", "wcag2aa", "wcag21aa"])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes[0]?.html}`)).toEqual(
      [],
    );
  }
}

test("an effect is found by a field of its request; an unknown outcome stands in the worklist with what is known", async ({
  page,
  server,
}) => {
  await using _shop = await openShop(server, SKILL);
  const good = await startRun(server, SKILL, { order: { id: "12", api_key: SECRET } });
  await expect.poll(() => statusOf(server, good)).toBe("completed");
  const lost = await startRun(server, SKILL, { order: { id: "13" } });
  await expect.poll(() => statusOf(server, lost)).toBe("waiting_for_human");

  await page.goto("/");
  await page.getByRole("link", { name: "Effects" }).click();
  const rows = page.getByRole("table", { name: "Effects" }).getByRole("row");
  await page.getByLabel("The value to filter by").fill("order.id=12");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/request\.order\.id=12/);
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "e2e.order.place" }).click();
  const panel = page.getByRole("region", { name: "Effect", exact: true });
  await expect(panel.getByText("shop-4711")).toBeVisible();
  await expect(panel.getByText("Answered; the result was recorded")).toBeVisible();
  await panel.getByRole("tab", { name: "Request" }).click();
  await expect(panel.getByRole("tree")).toContainText("[redacted");
  await expect(panel).not.toContainText(SECRET);
  await panel.getByRole("tab", { name: "Result" }).click();
  await expect(panel.getByRole("tree")).toContainText("shop-4711");
  const url = page.url();
  await page.reload();
  await expect(panel.getByText("shop-4711")).toBeVisible();
  expect(page.url()).toBe(url);

  await page.getByRole("tab", { name: /Unknown outcome/ }).click();
  await page.getByRole("button", { name: "Remove filter request.order.id 12" }).click();
  await expect(page).toHaveURL(/\/effects\?status=in_doubt$/);
  // A key that moves along the list finds nothing to move to before the list is there.
  await expect(rows).toHaveCount(2);
  await page.locator("main").focus();
  await page.keyboard.press("j");
  await expect(page).toHaveURL(/effect=eff_/);
  await expect(panel.getByText("Nobody knows whether this happened")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await page.goBack();
  await expect(panel.getByText("Nobody knows whether this happened")).toBeVisible();
  await panel.getByRole("link", { name: "place", exact: true }).click();

  const inspector = page.getByRole("region", { name: "Inspector" });
  await expect(page).toHaveURL(new RegExp(`/runs/${lost}\\?step=place&tab=effects`));
  await expect(inspector.getByRole("list", { name: "Effects" })).toContainText("Unknown");
  await page.keyboard.press("Escape");
  await expect(inspector.getByRole("list", { name: "Effects" })).toContainText(
    "memory.record.store",
  );
});

test("an unknown outcome is settled from the worklist with its result, or stopped from the inbox", async ({
  page,
  server,
}) => {
  const skill = "e2e.settle";
  await using _shop = await openShop(server, skill);
  const lost = await startRun(server, skill, { order: { id: "13" } });
  await expect.poll(() => statusOf(server, lost)).toBe("waiting_for_human");

  await page.goto(`/effects?status=in_doubt&run=${lost}`);
  const rows = page.getByRole("table", { name: "Effects" }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "e2e.order.place" }).click();
  const panel = page.getByRole("region", { name: "Effect", exact: true });
  await panel.getByRole("button", { name: "It happened…" }).click();
  const dialog = page.getByRole("dialog", { name: "It happened" });
  await expect(dialog.getByLabel("number")).toBeFocused();
  await expectNoViolations(page);
  await dialog.getByLabel("number").fill("shop-4713");
  await dialog.getByLabel("How you know").fill("Their console shows it");
  await dialog.getByRole("button", { name: "Record that it happened" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(panel.getByText("Their console shows it")).toBeVisible();
  await expect(panel.getByText("Nobody knows whether this happened")).toHaveCount(0);
  await expect.poll(() => statusOf(server, lost)).toBe("completed");

  const other = await startRun(server, skill, { order: { id: "13" } });
  await expect.poll(() => statusOf(server, other)).toBe("waiting_for_human");
  await page.goto(`/runs/${other}?step=place`);
  await page.getByRole("link", { name: "Decide this approval" }).click();
  const question = page.getByRole("article", {
    name: /Nobody knows whether e2e\.order\.place/,
  });
  await expect(question.getByText("Request, as it may have been acted on")).toBeVisible();
  await expectNoViolations(page);
  await question.getByRole("button", { name: "Stop…" }).click();
  const stop = page.getByRole("dialog", { name: "Stop the step" });
  await stop.getByLabel("Why").fill("Nobody there");
  await stop.getByRole("button", { name: "Stop the step" }).click();
  await expect.poll(() => statusOf(server, other)).toBe("failed");

  await page.goto(`/effects?status=in_doubt&run=${other}`);
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "e2e.order.place" }).click();
  await expect(panel.getByText("Its run has ended")).toBeVisible();
  await panel.getByRole("button", { name: "It did not…" }).click();
  const never = page.getByRole("dialog", { name: "It did not happen" });
  await never.getByRole("button", { name: "Record that it did not" }).click();
  await expect(never).toHaveCount(0);
  await expect(panel.getByText("said that it did not happen")).toBeVisible();
});
