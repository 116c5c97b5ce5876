import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { ReasonDialog } from "./reason-dialog.tsx";

afterEach(cleanup);

function open(isBusy: boolean) {
  const onSend = vi.fn<(reason: string) => void>();
  render(
    <ReasonDialog
      title="Cancel this run"
      consequence="No further step starts."
      verb="Cancel run"
      isDangerous
      isBusy={isBusy}
      error={null}
      onSend={onSend}
      onClose={() => {}}
    />,
  );
  return onSend;
}

test("the consequence is said before, and the reason is sent without the blanks around it", () => {
  const onSend = open(false);
  expect(screen.getByText("No further step starts.")).toBeDefined();
  fireEvent.change(screen.getByRole("textbox"), { target: { value: " withdrawn " } });
  fireEvent.submit(screen.getByRole("button", { name: "Cancel run" }));
  expect(onSend).toHaveBeenCalledExactlyOnceWith("withdrawn");
});

test("while a request is on its way the button says so and a second one is not sent", () => {
  const onSend = open(true);
  const button = screen.getByRole("button", { name: "Cancel run" });
  expect(button.title).toBe("The request is on its way");
  fireEvent.submit(button);
  expect(onSend).not.toHaveBeenCalled();
});
