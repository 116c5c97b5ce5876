import { once } from "node:events";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { expect, test } from "vitest";
import { z } from "zod";
import { startTracing } from "./tracing.ts";

const ExportSchema = z.object({
  resourceSpans: z.array(
    z.object({
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              startTimeUnixNano: z.string(),
              endTimeUnixNano: z.string(),
              status: z.object({ code: z.int(), message: z.string().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

test("a run's trace reaches the collector under the run's own trace id, its steps below it, at their own times", async () => {
  const received: z.infer<typeof ExportSchema>[] = [];
  const collector = createServer((request, response) => {
    void json(request).then((body) => {
      received.push(ExportSchema.parse(body));
      response.setHeader("content-type", "application/json").end("{}");
    });
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
  const address = collector.address();
  const port = typeof address === "object" ? address?.port : 0;

  const tracing = await startTracing({ endpoint: `http://127.0.0.1:${port}/`, version: "0" });
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const step = {
    name: "step a",
    startedAt: 1_500,
    endedAt: 1_700,
    attributes: {},
    error: "It broke.",
    children: [],
  };
  tracing.send(traceId, {
    name: "run x",
    startedAt: 1_000,
    endedAt: 2_000,
    attributes: {},
    error: null,
    children: [step],
  });
  await tracing.stop();
  collector.close();

  const spans = received.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
  const run = spans.find((span) => span.name === "run x");
  expect(run).toMatchObject({
    traceId,
    startTimeUnixNano: "1000000000",
    endTimeUnixNano: "2000000000",
  });
  expect(run?.parentSpanId).toBeUndefined();
  expect(spans.find((span) => span.name === "step a")).toMatchObject({
    traceId,
    parentSpanId: run?.spanId,
    startTimeUnixNano: "1500000000",
    status: { code: 2, message: "It broke." },
  });
});
