import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Everything the process counts. Names and labels are part of the product: docs/operations lists them. */
export type Metrics = ReturnType<typeof createMetrics>;

const SHORT_SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const LONG_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200, 86_400];

/** Makes the metrics with a registry of their own, so that several processes' worth can live in one test. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    runsStarted: new Counter({ name: "orca_runs_started_total", help: "Runs started.", registers }),
    runsFinished: new Counter({
      name: "orca_runs_finished_total",
      help: "Runs that reached an end, by status.",
      labelNames: ["status"],
      registers,
    }),
    stepsEnded: new Counter({
      name: "orca_steps_ended_total",
      help: "Step occurrences that came to their end, by status.",
      labelNames: ["status"],
      registers,
    }),
    queueSeconds: new Histogram({
      name: "orca_queue_seconds",
      help: "From a run's creation to its start.",
      buckets: SHORT_SECONDS,
      registers,
    }),
    runSeconds: new Histogram({
      name: "orca_run_seconds",
      help: "From a run's start to its end.",
      buckets: LONG_SECONDS,
      registers,
    }),
    flushEvents: new Histogram({
      name: "orca_flush_events",
      help: "Events that one flush of the journal wrote.",
      buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000],
      registers,
    }),
    flushSeconds: new Histogram({
      name: "orca_flush_seconds",
      help: "Time from the start of a flush to its commit.",
      buckets: SHORT_SECONDS,
      registers,
    }),
    activeRuns: new Gauge({ name: "orca_active_runs", help: "Runs held in memory.", registers }),
    parkedRuns: new Gauge({
      name: "orca_parked_runs",
      help: "Unfinished runs that no process holds in memory, of the whole database: they wait or queue.",
      registers,
    }),
    breakerState: new Gauge({
      name: "orca_breaker_state",
      help: "0 closed, 1 half open, 2 open; by service.",
      labelNames: ["service"],
      registers,
    }),
    httpRequests: new Counter({
      name: "orca_http_requests_total",
      help: "Answered requests by surface, method and status.",
      labelNames: ["surface", "method", "status"],
      registers,
    }),
    httpSeconds: new Histogram({
      name: "orca_http_request_seconds",
      help: "Time to answer, by surface; streams are not counted.",
      labelNames: ["surface"],
      buckets: SHORT_SECONDS,
      registers,
    }),
    openStreams: new Gauge({
      name: "orca_open_streams",
      help: "Event streams that clients hold open.",
      registers,
    }),
  };
}
