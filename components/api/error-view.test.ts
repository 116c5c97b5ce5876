import { TRPCClientError } from "@trpc/client";
import { expect, test } from "vitest";
import { RestError, toErrorView } from "./error-view.ts";

const RECORD = { code: "not_found", message: "There is no such run.", hint: "Look at the list." };

test("a refusal over tRPC keeps its code, message, hint and trace id", () => {
  const thrown = TRPCClientError.from({
    error: { code: -32004, message: "x", data: { error: RECORD, trace_id: "t1" } },
  });
  expect(toErrorView(thrown)).toMatchObject({ ...RECORD, traceId: "t1" });
});

test("a refusal over REST reads the same", () => {
  expect(toErrorView(new RestError(404, { error: RECORD, trace_id: "t1" }))).toMatchObject({
    ...RECORD,
    traceId: "t1",
  });
});

test("a server that is not there is said to be unavailable, without the library's words", () => {
  const view = toErrorView(TRPCClientError.from(new TypeError("fetch failed")));
  expect(view.code).toBe("unavailable");
  expect(view.message).not.toContain("fetch");
});
