import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { InputEditor } from "./input-editor.tsx";

afterEach(cleanup);

test("an input shows what its contract says, and its problem is tied to its editor", () => {
  render(
    <InputEditor
      name="items"
      field={{ type: "array", required: true, description: "What to count" }}
      text="[1,"
      problem="Line 1, column 4: expected a value, but the text ends."
      onChange={() => {}}
    />,
  );
  const editor = screen.getByRole("textbox", { name: /items/ });
  expect(screen.getByText("array · required")).toBeDefined();
  expect(editor.getAttribute("aria-invalid")).toBe("true");
  const describedBy = editor.getAttribute("aria-describedby")?.split(" ") ?? [];
  expect(describedBy.map((id) => document.getElementById(id)?.textContent)).toEqual([
    "What to count",
    "Line 1, column 4: expected a value, but the text ends.",
  ]);
});

test("an input of few values is chosen, and its default is named", () => {
  render(
    <InputEditor
      name="tone"
      field={{
        type: "string",
        required: false,
        default: "calm",
        schema: { enum: ["calm", "urgent"] },
      }}
      text=""
      problem={null}
      onChange={() => {}}
    />,
  );
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual([
    '"calm" by default',
    "calm",
    "urgent",
  ]);
});
