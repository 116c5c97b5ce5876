import { join } from "node:path";
import { PROJECT } from "../scripts/project.ts";
import { startRun, statusOf } from "./api.ts";
import { expect, test } from "./signed-in.ts";

/** ORCA_UPDATE_SCREENSHOTS=1 npx playwright test e2e/readme-screenshot.spec.ts renews the pictures of the README. */
const IS_UPDATE = process.env["ORCA_UPDATE_SCREENSHOTS"] === "1";

const INPUTS = {
  message: "Checkout is down, customers cannot pay. This is urgent, please fix it immediately.",
  customer: "Bob",
};

for (const theme of ["light", "dark"] as const) {
  test(`a finished run of a shipped skill shows every step, its times and its outputs, ${theme}`, async ({
    page,
    server,
  }) => {
    await page
      .context()
      .addCookies([{ name: "orca_theme", value: theme, url: server.baseUrl, sameSite: "Lax" }]);
    // Twice: the first run of a process pays for reading the word lists, which is not what the picture is about.
    let runId = "";
    for (let run = 1; run <= 2; run += 1) {
      runId = await startRun(server, "support.ticket-triage", INPUTS);
      await expect.poll(() => statusOf(server, runId)).toBe("completed");
    }
    await page.goto(`/runs/${runId}`);
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    const node = (step: string) => page.locator(".react-flow__node").filter({ hasText: step });
    for (const step of ["read", "find_topic", "find_priority", "name_it", "route", "draft_answer"])
      await expect(node(step).first()).toContainText("Completed");
    await node("route").first().click();
    const inspector = page.getByRole("region", { name: "Inspector" });
    await inspector.getByRole("tab", { name: "Output" }).click();
    await expect(inspector.getByRole("tree")).toContainText("ticket_id");
    if (IS_UPDATE)
      await page.screenshot({
        path: join(PROJECT, "docs/images", `run-${theme}.png`),
        scale: "css",
      });
  });
}
