import { PrismaPg } from "@prisma/adapter-pg";
import { DriverAdapterError } from "@prisma/driver-adapter-utils";
import { DatabaseError } from "pg";

/**
 * Prisma's adapter, except that a migration goes to PostgreSQL as one script. Prisma's own cuts it at every
 * semicolon, also inside comments and function bodies. As one script a migration is also one transaction: where
 * it fails, nothing of it stays.
 */
export class MigrationAdapter extends PrismaPg {
  override async connect(): ReturnType<PrismaPg["connect"]> {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      try {
        await adapter.underlyingDriver().query(script);
      } catch (thrown) {
        throw toDriverError(thrown);
      }
    };
    return adapter;
  }
}

function toDriverError(thrown: unknown): unknown {
  if (!(thrown instanceof DatabaseError)) return thrown;
  return new DriverAdapterError({
    kind: "postgres",
    code: thrown.code ?? "",
    severity: thrown.severity ?? "ERROR",
    message: thrown.message,
    detail: thrown.detail,
    column: thrown.column,
    hint: thrown.hint,
  });
}
