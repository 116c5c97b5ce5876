import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { ErrorState } from "./error-state.tsx";

afterEach(cleanup);

test("an error says what happened, what to do, its code and trace id, and can be tried again", () => {
  const onRetry = vi.fn<() => void>();
  render(
    <ErrorState
      error={{
        code: "unavailable",
        message: "The database is away.",
        hint: "It comes back by itself.",
        traceId: "abc123",
        details: {},
      }}
      onRetry={onRetry}
    />,
  );
  const alert = screen.getByRole("alert");
  for (const text of [
    "The database is away.",
    "It comes back by itself.",
    "unavailable",
    "abc123",
  ]) {
    expect(alert.textContent).toContain(text);
  }
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(onRetry).toHaveBeenCalledOnce();
});
