import { expect, test } from "vitest";
import { problemsByInput } from "./server-problems.ts";

test("what the server says of an input is shown at that input, deeper places by their path", () => {
  const error = {
    code: "invalid_request",
    message: "x",
    hint: null,
    traceId: null,
    details: {
      problems: [
        { path: "text", problem: "is required" },
        { path: "items/0/name", problem: "must be string" },
        { path: "elsewhere", problem: "is unknown" },
      ],
    },
  };
  expect(problemsByInput(error, ["text", "items", "item"])).toEqual({
    text: "is required",
    items: "0/name: must be string",
    "": "is unknown",
  });
});
