/**
 * How the embedded PostgreSQL runs: every commit is on disk before it is acknowledged (fsync and
 * synchronous_commit stay on), sized for a machine of two cores and a few GB.
 */
export const POSTGRES_SETTINGS: Readonly<Record<string, string>> = {
  max_connections: "200",
  shared_buffers: "256MB",
  effective_cache_size: "1GB",
  work_mem: "8MB",
  maintenance_work_mem: "128MB",
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  // Fewer, longer checkpoints: each one makes the next change of every page cost a whole page of log.
  wal_compression: "on",
  wal_buffers: "16MB",
  min_wal_size: "256MB",
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  checkpoint_completion_target: "0.9",
  random_page_cost: "1.1",
  // The queries are small and many: compiling one costs more than running it.
  jit: "off",
  // Queues and run heads are updated in place all the time.
  autovacuum_naptime: "15s",
  autovacuum_vacuum_scale_factor: "0.05",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  log_min_messages: "warning",
};
