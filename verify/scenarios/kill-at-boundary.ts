import assert from "node:assert/strict";
import type { AdvancedWorld } from "../advanced-world.ts";
import type { ServerPlace } from "../../server/testing/server-place.ts";
import type { Interception } from "../faults/database-proxy.ts";
import { expectActedOnce, expectCompleted, expectRecorded } from "../expectations.ts";
import type { Check, Scenario } from "../scenario.ts";
import { waitUntil } from "../wait-until.ts";

/** How a run is brought to a boundary, and which request to the database writes it down. */
type Boundary = {
  kind: string;
  skill: string;
  places: string[];
  /** What the request holds that writes the boundary. Nothing else in the database holds it before that. */
  mark: string;
  /** What a client does beside starting the run; each step is repeated until it is answered. */
  drive?: (world: AdvancedWorld, runId: string, label: string) => Promise<void>;
};

const BOUNDARIES: Boundary[] = [
  { kind: "run_started", skill: "chain", places: ["first", "last"], mark: mark("run_started") },
  // An ordinary start has no checkpoint of its own: it is the flush that announces the call of the last step.
  {
    kind: "step_started",
    skill: "chain",
    places: ["first", "last"],
    mark: '{"step_id":"last"',
  },
  {
    kind: "step_completed",
    skill: "chain",
    places: ["first", "last"],
    mark: mark("step_completed"),
  },
  {
    kind: "retry_scheduled",
    skill: "retried",
    places: ["busy", "last"],
    mark: mark("retry_scheduled"),
  },
  {
    kind: "waiting_for_human",
    skill: "approved",
    places: ["first", "last"],
    mark: mark("waiting_for_human"),
    drive: approve,
  },
  {
    kind: "waiting_for_signal",
    skill: "signaled",
    places: ["first", "last"],
    mark: mark("waiting_for_signal"),
    drive: signal,
  },
  { kind: "paused", skill: "paused", places: ["held", "last"], mark: mark("paused"), drive: pause },
  {
    kind: "run_resumed",
    skill: "paused",
    places: ["held", "last"],
    mark: mark("run_resumed"),
    drive: pause,
  },
  { kind: "run_finished", skill: "chain", places: ["first", "last"], mark: mark("run_finished") },
];

function mark(kind: string): string {
  return `"kind":"${kind}"`;
}

async function approve({ main: { api } }: AdvancedWorld, runId: string): Promise<void> {
  await api.until(runId, "waiting_for_human");
  const answer = await api.insist(`/runs/${runId}/approve`, {});
  // The first time may have been carried out and its answer lost with the server.
  assert.ok([200, 409].includes(answer.status), JSON.stringify(answer.body));
}

async function signal({ main: { api } }: AdvancedWorld, runId: string): Promise<void> {
  await api.until(runId, "waiting_for_signal");
  const body = { name: "go", payload: 1, signal_id: runId };
  const answer = await api.insist(`/runs/${runId}/signal`, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
}

async function pause(world: AdvancedWorld, runId: string, label: string): Promise<void> {
  const { api } = world.main;
  const title = `${label} held`;
  await waitUntil("the call is under way", () => (world.provider.requests.get(title) ?? 0) > 0);
  const paused = await api.insist(`/runs/${runId}/pause`, {});
  assert.ok([200, 409].includes(paused.status), JSON.stringify(paused.body));
  await api.until(runId, "paused");
  world.provider.release(title);
  const resumed = await api.insist(`/runs/${runId}/resume`, {});
  assert.ok([200, 409].includes(resumed.status), JSON.stringify(resumed.body));
}

const KILLING: Record<"before" | "after", (place: ServerPlace) => Interception> = {
  before: (place) => ({
    before: async () => {
      await place.end("SIGKILL");
      return "drop";
    },
  }),
  after: (place) => ({ after: async () => void (await place.end("SIGKILL")) }),
};

/** The server dies just before the boundary is committed, or after that and before it hears of it. */
function killAt(boundary: Boundary, side: "before" | "after"): Check<AdvancedWorld> {
  const { kind, skill, places } = boundary;
  return {
    nodeid: `${kind}/${side}_commit`,
    run: async (world) => {
      const { api, place, proxy } = world.main;
      const label = `kill-${kind}-${side}`;
      const isBoundary = (request: Buffer) => request.includes(boundary.mark);
      const killed = proxy.intercept(isBoundary, KILLING[side](place));
      const restarted = killed.then(() => place.start());
      const runId = await api.start(skill, label);
      await boundary.drive?.(world, runId, label);
      await restarted;
      await expectCompleted(api, runId);
      expectActedOnce(world.provider, label, places);
      await expectRecorded(api, runId, places.length);
    },
  };
}

/** Where the provider knows no keys, what may have reached it is not sent again: the ledger says so. */
const KILLED_IN_DOUBT: Check<AdvancedWorld> = {
  nodeid: "step_completed/before_commit_without_keys",
  run: async (world) => {
    const { api, place, proxy } = world.main;
    const label = "kill-in-doubt";
    const isOutcome = (request: Buffer) => request.includes('"side_effect.recorded"');
    const killed = proxy.intercept(isOutcome, KILLING.before(place));
    const restarted = killed.then(() => place.start());
    const runId = await api.start("plain", label);
    await restarted;
    await waitUntil("the doubt is on record", async () =>
      (await api.effects(runId)).some(({ status }) => status === "in_doubt"),
    );
    // It failed, or waits for somebody who looks at the provider.
    await waitUntil("the run stands still", async () =>
      ["failed", "waiting_for_human"].includes((await api.getRun(runId)).status),
    );
    expectActedOnce(world.provider, label, ["first"]);
  },
};

/** SIGKILL of the real server at each kind of boundary, on either side of its commit. */
export const KILL_AT_BOUNDARY: Scenario<AdvancedWorld> = {
  id: "failure_injection_kill_at_boundary",
  description:
    "The server, killed with SIGKILL at each boundary before and after its commit, does every effect exactly once",
  checks: [
    ...BOUNDARIES.flatMap((boundary) => [killAt(boundary, "before"), killAt(boundary, "after")]),
    KILLED_IN_DOUBT,
  ],
};
