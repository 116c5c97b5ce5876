import { AxeBuilder } from "@axe-core/playwright";
import { importDocument, startRun } from "./api.ts";
import { askingSkill } from "./skills.ts";
import { expect, test } from "./signed-in.ts";

const SKILL = "e2e.accessible";
const PAGES = [
  "/",
  "/runs",
  "/runs?status=failed&q=nothing+at+all",
  "RUN",
  "RUN?step=detect&tab=output",
  "RUN?panel=events",
  "RUN/plan?operation=replay&step=detect",
  "RUN/plan?operation=resume",
  "/compare",
  "/compare?a=ID",
  "/compare?a=ID&b=OTHER",
  "/compare?a=ID&b=OTHER&step=",
  "/compare?a=ID&b=ID",
  "/compare?a=ID&b=run_0",
  "RUN?checkpoint=CHECKPOINT",
  "RUN?checkpoint=CHECKPOINT&tab=state",
  "/approvals",
  "/approvals?tab=decided",
  "/registry/skills",
  `/registry/skills/${SKILL}`,
  `/registry/skills/${SKILL}?tab=source`,
  `/registry/skills/${SKILL}?tab=contract`,
  `/registry/skills/${SKILL}/start`,
  "/registry/capabilities/perception.language.detect",
  "/registry/import",
  "/settings",
  "/settings?tab=workers",
];

for (const theme of ["light", "dark"] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });
    test("every page passes axe", async ({ page, server }) => {
      test.setTimeout(120_000);
      await importDocument(server, "ask.yaml", askingSkill(SKILL));
      const runId = await startRun(server, SKILL, {
        text: "The harbour opens again.",
        lines: ["Thank you."],
      });
      const otherId = await startRun(server, SKILL, {
        text: "The harbour opens again.",
        lines: ["Danke schön.", "Good bye."],
      });
      for (const path of PAGES) {
        await page.goto(
          path
            .replace("RUN", `/runs/${runId}`)
            .replace("CHECKPOINT", `chk_${runId.slice(4)}_3`)
            .replaceAll("ID", runId)
            .replace("OTHER", otherId),
        );
        await expect(page.getByRole("heading").first()).toBeVisible();
        await expect(
          page.locator("[role=status][aria-label*=' loading'], [aria-busy=true]"),
        ).toHaveCount(0);
        const { violations } = await new AxeBuilder({ page })
          .withTags(["wcag2a", "wcag2aa", "wcag21aa"])
          .analyze();
        const found = violations.map(
          ({ id, nodes }) =>
            `${path}: ${id} at ${nodes
              .slice(0, 2)
              .map((node) => node.html.slice(0, 300))
              .join(" | ")}`,
        );
        expect(found).toEqual([]);
      }
    });
  });
}
