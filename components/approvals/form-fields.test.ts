import { expect, test } from "vitest";
import { formFields, withFormValues } from "./form-fields.ts";

test("a form has what its schema names and what the payload holds", () => {
  const fields = formFields({
    kind: "form",
    payload: { amount: 10, to: "ada", tags: ["a"] },
    form_schema: {
      type: "object",
      required: ["amount"],
      properties: {
        amount: { type: "number", description: "In euros", maximum: 100 },
        urgency: { enum: ["low", "high"] },
      },
    },
  });
  expect(Object.keys(fields)).toEqual(["amount", "urgency", "to", "tags"]);
  expect(fields).toMatchObject({
    amount: { type: "number", required: true, description: "In euros" },
    urgency: { required: false, schema: { enum: ["low", "high"] } },
    to: { type: "string" },
    tags: { type: "array" },
  });
});

test("emptied editors take values away, but never the type of one", () => {
  const payload = { amount: 10, note: "a", due: null };
  const fields = formFields({ kind: "form", payload, form_schema: null });
  expect(withFormValues(payload, fields, { amount: 8 })).toEqual({
    amount: 8,
    note: "",
    due: null,
  });
  expect(withFormValues(payload, fields, { note: "b" })).toEqual({ note: "b", due: null });
});
