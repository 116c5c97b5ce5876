import type { Database } from "../database/client.ts";
import type { RegistryCatalogs } from "./registry-catalogs.ts";

/** What the queries of the registry need. */
export type RegistryReading = {
  database: Pick<Database, "prisma">;
  catalogs: RegistryCatalogs;
};

/** Whether calls of a service go out, are held back, or are being tried again. */
export type BreakerState = "closed" | "open" | "half_open";
