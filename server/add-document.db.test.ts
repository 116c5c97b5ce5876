import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "./database/test-database.ts";
import { createApiCaller, type ApiCaller } from "./testing/api-caller.ts";
import { openServerPlace, type ServerPlace } from "./testing/server-place.ts";

let database: TestDatabase;
let place: ServerPlace;
let api: ApiCaller;
beforeAll(async () => {
  database = await createTestDatabase();
  place = await openServerPlace("main", { DATABASE_URL: database.connectionString });
  await place.start();
  api = createApiCaller(place);
});
afterAll(async () => {
  await place.dispose();
  await database.drop();
});

const field = (type: string) => ({ type, required: true });
const CAPABILITY = {
  id: "memo.text.count",
  version: "1.0.0",
  description: "Counts.",
  inputs: { text: field("string") },
  outputs: { count: field("integer") },
  properties: { deterministic: true, side_effects: false, idempotent: true },
};

test("each kind of document is taken as JSON; the same again is no news, other content is refused", async () => {
  const service = { id: "memo-service", kind: "openapi", base_url: "http://127.0.0.1:9" };
  const binding = {
    id: "memo-binding",
    capability: CAPABILITY.id,
    service: service.id,
    protocol: "openapi",
    operation: "count",
    request: { text: "input.text" },
    response: { count: "response.count" },
  };
  const skill = {
    id: "memo.count",
    version: "1.0.0",
    name: "Count",
    description: "Counts.",
    inputs: { text: field("string") },
    outputs: { count: field("integer") },
    steps: [
      {
        id: "count",
        uses: CAPABILITY.id,
        input: { text: "inputs.text" },
        output: { count: "outputs.count" },
      },
    ],
  };
  const added = [
    await api.send("/capabilities", { document: CAPABILITY }),
    await api.send("/services", { document: service }),
    await api.send("/bindings", { document: binding }),
    await api.send("/skills", { document: skill }),
  ];
  expect(added.map(({ body }) => body)).toMatchObject([
    { imported: { capabilities: 1 } },
    { imported: { services: 1 } },
    { imported: { bindings: 1 } },
    { imported: { skills: 1 } },
  ]);
  const again = await api.send("/skills", { document: skill });
  expect(again.body).toMatchObject({ imported: { skills: 0 } });
  const other = await api.send("/skills", { document: { ...skill, name: "Other" } });
  expect(other.body).toMatchObject({ diagnostics: [{ severity: "error" }] });
});

test("a dry run writes nothing, a document of another kind names its place, an id that is a path is refused", async () => {
  const document = { ...CAPABILITY, id: "memo.text.weigh" };
  const dry = await api.send("/capabilities", { document, dry_run: true });
  expect(dry.body).toMatchObject({ imported: { capabilities: 1 } });
  expect((await api.send("/capabilities/memo.text.weigh")).status).toBe(404);
  const misplaced = await api.send("/skills", { document });
  expect(misplaced.body).toMatchObject({
    imported: { skills: 0, capabilities: 0 },
    diagnostics: expect.arrayContaining([
      expect.objectContaining({
        severity: "error",
        path: "skills/local/memo/text.weigh/skill.yaml",
      }),
    ]),
  });
  const path = await api.send("/capabilities", { document: { ...document, id: "../x" } });
  expect(path).toMatchObject({ status: 400, body: { error: { code: "invalid_request" } } });
});
