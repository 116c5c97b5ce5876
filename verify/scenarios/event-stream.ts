import assert from "node:assert/strict";
import { followStream } from "../../server/testing/follow-stream.ts";
import type { AdvancedWorld } from "../advanced-world.ts";
import { expectCompleted } from "../expectations.ts";
import type { Scenario } from "../scenario.ts";

export const EVENT_STREAM: Scenario<AdvancedWorld> = {
  id: "failure_injection_event_stream",
  description: "A stream that reconnects across restarts tells every event once, in order",
  checks: [
    {
      nodeid: "across_a_kill_and_a_stop",
      run: async ({ main: { api, place } }) => {
        const labels = ["stream-1", "stream-2", "stream-3"];
        const runIds = await Promise.all(labels.map((label) => api.start("signaled", label)));
        const streams = runIds.map((id) =>
          followStream(`${place.url}/api/v1/runs/${id}/stream`, place.apiKey),
        );
        await Promise.all(
          streams.map((stream) => stream.heard(({ type }) => type === "run.waiting_for_signal")),
        );
        for (const signal of ["SIGKILL", "SIGTERM"] as const) {
          await place.end(signal);
          await place.start();
        }
        for (const runId of runIds) {
          const body = { name: "go", payload: 1, signal_id: runId };
          assert.equal((await api.insist(`/runs/${runId}/signal`, body)).status, 200);
          await expectCompleted(api, runId);
        }
        for (const [index, stream] of streams.entries()) {
          await stream.ended;
          const events = await api.events(runIds[index] ?? "");
          const told = events.map(({ sequence: id, event_type: type }) => ({ id, type }));
          assert.deepEqual(stream.events, told);
          assert.ok(stream.connections() > 1, "the stream never had to reconnect");
        }
      },
    },
  ],
};
