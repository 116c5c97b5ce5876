import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { reportConnection } from "./live-connections.ts";
import { LiveIndicator } from "./live-indicator.tsx";

const stream = Symbol("stream");
const server = Symbol("server");
afterEach(() => {
  cleanup();
  reportConnection(stream, null);
  reportConnection(server, null);
});

test("the worst of all connections is told, and a server that answers again takes it back", () => {
  render(<LiveIndicator />);
  expect(screen.getByRole("status").textContent).toBe("Auto-refresh");
  act(() => reportConnection(stream, "following"));
  expect(screen.getByRole("status").textContent).toBe("Live");
  act(() => reportConnection(server, "unreachable"));
  expect(screen.getByRole("status").textContent).toBe("No answer");
  act(() => reportConnection(server, null));
  expect(screen.getByRole("status").textContent).toBe("Live");
});
