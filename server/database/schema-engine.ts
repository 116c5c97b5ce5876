import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, dirname } from "node:path";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import { Pool } from "pg";
import { MigrationAdapter } from "./migration-adapter.ts";

/** The engine wants to be told its database, even where no model is needed. */
const DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n';

type EngineModule = typeof import("@prisma/schema-engine-wasm") & {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
};

let loaded: Promise<EngineModule> | undefined;

/**
 * Calls `use` with Prisma's own schema engine, connected to `connectionString`, and closes it afterwards. It is
 * the WebAssembly build, so nothing is downloaded.
 */
export async function withSchemaEngine<T>(
  connectionString: string,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  loaded ??= loadEngine();
  const { SchemaEngine } = await loaded;
  // The engine leaves its connection open; the pool is ours so that we can close it.
  const pool = new Pool({ connectionString, max: 1 });
  const adapter = bindMigrationAwareSqlAdapterFactory(new MigrationAdapter(pool));
  try {
    const datamodels: [string, string][] = [["schema.prisma", DATASOURCE]];
    const engine = await SchemaEngine.new({ datamodels }, () => undefined, adapter);
    try {
      return await use(engine);
    } finally {
      engine.free();
    }
  } finally {
    await pool.end();
  }
}

/** The package's entry imports its .wasm file as a module, which Node announces with a warning at each start. */
async function loadEngine(): Promise<EngineModule> {
  // Without it a panic of the engine is lost in a TypeError.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: throwPanic } });
  const { resolve } = createRequire(import.meta.url);
  const glue = resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const engine: EngineModule = await import(glue);
  const bytes = await readFile(join(dirname(glue), "schema_engine_bg.wasm"));
  // The timer of the engine's lock outlives its work by seconds, and would keep a finished process waiting.
  const timer = Object.keys(engine).find((name) => name.startsWith("__wbg_setTimeout_"));
  const imports = {
    ...engine,
    ...(timer === undefined ? {} : { [timer]: setUnreferencedTimeout }),
  };
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": imports });
  engine.__wbg_set_wasm(instance.exports);
  const start = instance.exports["__wbindgen_start"];
  if (typeof start === "function") start();
  return engine;
}

function setUnreferencedTimeout(callback: () => void, ms: number): NodeJS.Timeout {
  return setTimeout(callback, ms >>> 0).unref();
}

function throwPanic(message: string): never {
  throw new Error(`Prisma's schema engine panicked: ${message}`);
}
