import { z } from "zod";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { RecordStore } from "../runtime/builtins/builtin.ts";
import type { Database } from "./client.ts";

const ValueSchema = z.custom<JsonObject>(isJsonObject);
const EntriesSchema = z.array(z.object({ key: z.string(), value: ValueSchema }));

/** The records of one tenant and environment. Each write is durable when it answers; lists are in the order of keys. */
export function createRecordStore(
  { pool }: Pick<Database, "pool">,
  owner: { tenantId: string; environment: string },
  now: () => Date,
): RecordStore {
  const { tenantId, environment } = owner;
  return {
    async put(collection, key, value) {
      await pool.query(
        `INSERT INTO builtin_records (tenant_id, environment, collection, key, value, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id, environment, collection, key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
        [tenantId, environment, collection, key, JSON.stringify(value), now()],
      );
    },
    async get(collection, key) {
      const { rows } = await pool.query(
        "SELECT key, value FROM builtin_records WHERE tenant_id = $1 AND environment = $2 AND collection = $3 AND key = $4",
        [tenantId, environment, collection, key],
      );
      return EntriesSchema.parse(rows)[0]?.value ?? null;
    },
    async list(collection, limit) {
      const { rows } = await pool.query(
        `SELECT key, value FROM builtin_records WHERE tenant_id = $1 AND environment = $2 AND collection = $3
         ORDER BY key LIMIT $4`,
        [tenantId, environment, collection, limit],
      );
      return EntriesSchema.parse(rows);
    },
    async delete(collection, key) {
      const { rowCount } = await pool.query(
        "DELETE FROM builtin_records WHERE tenant_id = $1 AND environment = $2 AND collection = $3 AND key = $4",
        [tenantId, environment, collection, key],
      );
      return rowCount === 1;
    },
  };
}
