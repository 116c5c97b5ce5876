import { once } from "node:events";
import { createServer } from "node:http";
import { importDocuments, startRun, statusOf } from "./api.ts";
import { orderDocuments, orderingSkill } from "./skills.ts";
import { expect, test } from "./signed-in.ts";

const SKILL = "e2e.order";
const SECRET = "sk-live-9f8e7d6c5b";

test("an effect is found by a field of its request; an unknown outcome stands in the worklist with what is known", async ({
  page,
  server,
}) => {
  // Takes the order, and hangs up on whoever asked for number 13.
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
    { path: "skills/order.yaml", content: orderingSkill(SKILL) },
  ]);
  const good = await startRun(server, SKILL, { order: { id: "12", api_key: SECRET } });
  await expect.poll(() => statusOf(server, good)).toBe("completed");
  const lost = await startRun(server, SKILL, { order: { id: "13" } });
  await expect.poll(() => statusOf(server, lost)).toBe("failed");

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
  shop.close();
  shop.closeAllConnections();
});
