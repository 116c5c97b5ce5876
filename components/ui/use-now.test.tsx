import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useNow } from "./use-now.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000 }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function Clock({ name }: { name: string }) {
  return <output aria-label={name}>{useNow(500)}</output>;
}

test("clocks of one interval tick together, and one that slept wakes at the present", () => {
  const { unmount } = render(
    <>
      <Clock name="a" />
      <Clock name="b" />
    </>,
  );
  act(() => void vi.advanceTimersByTime(500));
  expect(screen.getByLabelText("a").textContent).toBe("1500");
  expect(screen.getByLabelText("b").textContent).toBe("1500");
  unmount();
  expect(vi.getTimerCount()).toBe(0);
  vi.setSystemTime(60_000);
  render(<Clock name="c" />);
  expect(screen.getByLabelText("c").textContent).toBe("60000");
});
