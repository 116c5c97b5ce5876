import assert from "node:assert/strict";
import { z } from "zod";
import { STATE_VERSION } from "../../core/run-state.ts";
import { hashSnapshot } from "../../server/runtime/state-hash.ts";
import type { AdvancedWorld, ProxiedServer } from "../advanced-world.ts";
import { expectActedOnce, expectCompleted } from "../expectations.ts";
import type { Scenario } from "../scenario.ts";
import { waitUntil } from "../wait-until.ts";

const [MAJOR = 1] = STATE_VERSION.split(".").map(Number);
const UNREADABLE = [`${MAJOR - 1}.9.0`, `${MAJOR + 1}.0.0`];
const NEWER_MINOR = `${MAJOR}.99.0`;

const BodySchema = z.looseObject({ state_version: z.string() });

/** Rewrites the version in all snapshots of a run, as another program would have written it, with the hash that fits. */
async function setVersion({ database }: ProxiedServer, runId: string, version: string) {
  const { rows } = await database.pool.query(
    "SELECT sequence, convert_from(body, 'UTF8') AS body FROM snapshots WHERE run_id = $1",
    [runId],
  );
  const snapshots = z.array(z.object({ sequence: z.int(), body: z.string() })).parse(rows);
  assert.ok(snapshots.length > 0, "the run has no snapshot");
  for (const { sequence, body } of snapshots) {
    const { state_version: before } = BodySchema.parse(JSON.parse(body));
    const changed = body.replace(`"state_version":"${before}"`, `"state_version":"${version}"`);
    await database.pool.query(
      "UPDATE snapshots SET body = convert_to($3, 'UTF8'), state_hash = $4 WHERE run_id = $1 AND sequence = $2",
      [runId, sequence, changed, hashSnapshot(changed)],
    );
  }
}

export const STATE_VERSIONS: Scenario<AdvancedWorld> = {
  id: "failure_injection_state_versions",
  description:
    "State of another major version is refused by name and waits unharmed for its program",
  checks: [
    {
      nodeid: "old_and_future_versions",
      run: async ({ main, provider }) => {
        const { api, place } = main;
        const versions = [...UNREADABLE, NEWER_MINOR];
        const labels = versions.map((version) => `version-${version}`);
        const runIds: string[] = [];
        for (const label of labels) {
          const runId = await api.start("signaled", label);
          await api.until(runId, "waiting_for_signal");
          runIds.push(runId);
        }
        await place.end("SIGTERM");
        for (const [index, version] of versions.entries())
          await setVersion(main, runIds[index] ?? "", version);
        await place.start();
        for (const [index, version] of UNREADABLE.entries()) {
          const named = `State version ${version} cannot be read by this program`;
          await waitUntil(`the log names ${version}`, () => place.output().includes(named));
          assert.equal((await api.getRun(runIds[index] ?? "")).status, "waiting_for_signal");
        }
        // The program that wrote them is back.
        for (const [index] of UNREADABLE.entries())
          await setVersion(main, runIds[index] ?? "", STATE_VERSION);
        for (const runId of runIds) {
          const body = { name: "go", payload: 1, signal_id: runId };
          assert.equal((await api.insist(`/runs/${runId}/signal`, body)).status, 200);
          await expectCompleted(api, runId);
        }
        for (const label of labels) expectActedOnce(provider, label, ["first", "last"]);
        return `${UNREADABLE.join(" and ")} refused, ${NEWER_MINOR} read`;
      },
    },
  ],
};
