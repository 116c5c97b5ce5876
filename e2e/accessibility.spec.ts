import { AxeBuilder } from "@axe-core/playwright";
import { importDocument, startRun } from "./api.ts";
import { askingSkill } from "./skills.ts";
import { expect, test as signedIn } from "./signed-in.ts";

const SKILL = "e2e.accessible";
/** A skill with one effect. */
const KEEPING = `
id: e2e.keep
version: 1.0.0
name: Keep
description: Keeps a record.
steps:
  - id: keep
    uses: memory.record.store
    input: { namespace: notes, record: { id: one } }
`;
/** Of the event that announces it. */
const EFFECT_SEQUENCE = 6;
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
  "/effects",
  "/effects?status=in_doubt",
  "/effects?run=KEEPING&effect=EFFECT",
  "/effects?target=nothing.at.all",
  "/runs/KEEPING?step=&tab=effects",
  "/registry/skills",
  `/registry/skills/${SKILL}`,
  `/registry/skills/${SKILL}?tab=source`,
  `/registry/skills/${SKILL}?tab=contract`,
  `/registry/skills/${SKILL}/start`,
  "/registry/capabilities/perception.language.detect",
  "/registry/import",
  "/settings",
  "/settings?tab=workers",
  "/settings?tab=groups",
  "/settings?tab=notices",
];

type Ids = { run: string; other: string; keeping: string };

/** What the pages show: one run that asks a person, another of the same skill, and one with an effect. */
const test = signedIn.extend<object, { ids: Ids }>({
  ids: [
    async ({ server }, use) => {
      await importDocument(server, "ask.yaml", askingSkill(SKILL));
      await importDocument(server, "keep.yaml", KEEPING);
      const text = "The harbour opens again.";
      await use({
        run: await startRun(server, SKILL, { text, lines: ["Thank you."] }),
        other: await startRun(server, SKILL, { text, lines: ["Danke schön.", "Good bye."] }),
        keeping: await startRun(server, "e2e.keep"),
      });
    },
    { scope: "worker" },
  ],
});
test.describe.configure({ mode: "parallel" });

for (const theme of ["light", "dark"] as const) {
  test.describe(`in the ${theme} theme axe finds nothing at`, () => {
    test.use({ colorScheme: theme });
    for (const path of PAGES) {
      test(path, async ({ page, ids }) => {
        await page.goto(
          path
            .replace("KEEPING", ids.keeping)
            .replace("EFFECT", `eff_${ids.keeping.slice(4)}_${EFFECT_SEQUENCE}`)
            .replace("RUN", `/runs/${ids.run}`)
            .replace("CHECKPOINT", `chk_${ids.run.slice(4)}_3`)
            .replaceAll("ID", ids.run)
            .replace("OTHER", ids.other),
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
            `${id} at ${nodes
              .slice(0, 2)
              .map((node) => node.html.slice(0, 300))
              .join(" | ")}`,
        );
        expect(found).toEqual([]);
      });
    }
  });
}
