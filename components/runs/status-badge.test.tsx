import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { RUN_STATUSES } from "../../core/run.ts";
import { STEP_STATUSES } from "../../core/step.ts";
import { StatusBadge } from "./status-badge.tsx";
import { STATUS_STYLE } from "./status-style.ts";

afterEach(cleanup);

test.each([...new Set([...RUN_STATUSES, ...STEP_STATUSES])])(
  "%s is told by a word and a shape, not by its hue alone",
  (status) => {
    const { container } = render(<StatusBadge status={status} />);
    expect(screen.getByText(STATUS_STYLE[status].label)).toBeDefined();
    expect(container.querySelector("svg")).not.toBeNull();
  },
);

test("no two statuses that one list may show read the same", () => {
  for (const statuses of [RUN_STATUSES, STEP_STATUSES]) {
    const labels = statuses.map((status) => STATUS_STYLE[status].label);
    expect(new Set(labels).size).toBe(labels.length);
  }
});
