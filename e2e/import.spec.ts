import { callApi } from "./api.ts";
import { askingSkill } from "./skills.ts";
import { expect, test } from "./signed-in.ts";

const file = (name: string, text: string) => ({
  name,
  mimeType: "application/yaml",
  buffer: Buffer.from(text),
});

test("a document with an error is shown with its place, and nothing can be imported", async ({
  page,
  server,
}) => {
  await page.goto("/registry/import");
  await page
    .getByLabel("Files to import")
    .setInputFiles([
      file("good.yaml", askingSkill("e2e.import-refused")),
      file("bad.yaml", "id: e2e.bad\nversion: 1.0.0\nsteps: [\n"),
    ]);
  await expect(page.getByRole("heading", { name: "Nothing would be imported" })).toBeVisible();
  const diagnostics = page.getByRole("region", { name: "Diagnostics" });
  await expect(diagnostics.getByText(/bad\.yaml:\d+:\d+/).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
  await expect(callApi(server, "/skills/e2e.import-refused")).rejects.toThrow("404");
});

test("a dry run writes nothing; the import after it does, and the skill is in the registry", async ({
  page,
  server,
}) => {
  await page.goto("/registry/import");
  await page
    .getByLabel("Files to import")
    .setInputFiles([
      file("ask.yaml", askingSkill("e2e.imported")),
      file("notes.txt", "passed over"),
    ]);
  await expect(page.getByText("1 other file passed over")).toBeVisible();
  await expect(page.getByRole("heading", { name: "This is what would be imported" })).toBeVisible();
  await expect(callApi(server, "/skills/e2e.imported")).rejects.toThrow("404");
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Imported", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "See the skills" }).click();
  await page.getByRole("searchbox", { name: "Search skills" }).fill("e2e.imported");
  await page.getByRole("link", { name: /e2e.imported/ }).click();
  await expect(page.getByRole("heading", { name: "Ask before the end 1.0.0" })).toBeVisible();
  await page.getByRole("tab", { name: "Source" }).click();
  await expect(page.getByRole("region", { name: /source of e2e.imported/ })).toContainText(
    "uses: wait.signal",
  );
});
