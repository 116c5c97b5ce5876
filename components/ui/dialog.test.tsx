import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Dialog } from "./dialog.tsx";

afterEach(cleanup);

test("the first field of a dialog has the focus, so that what one types lands there", () => {
  render(
    <Dialog isOpen title="Cancel this run" onClose={() => {}}>
      <textarea aria-label="Reason" />
      <button type="button">Cancel run</button>
    </Dialog>,
  );
  expect(document.activeElement).toBe(screen.getByLabelText("Reason"));
});

test("a dialog without a field leaves the focus inside it", () => {
  render(
    <Dialog isOpen title="Keys of this page" onClose={() => {}}>
      <p>J moves on.</p>
    </Dialog>,
  );
  expect(screen.getByRole("dialog").contains(document.activeElement)).toBe(true);
});
