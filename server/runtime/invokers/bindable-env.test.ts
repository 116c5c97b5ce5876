import { expect, test } from "vitest";
import { bindableEnv } from "./bindable-env.ts";

test("bindings may name the keys of services, and none of the server's own secrets", () => {
  const env = {
    OPENAI_API_KEY: "k",
    BILLING_URL: "https://billing.test",
    EMPTY: "",
    DATABASE_URL: "postgresql://user:secret@host/db",
    PGPASSWORD: "p",
    REDIS_URL: "redis://host",
    AUTH_SECRET: "s",
    ORCA_ENCRYPTION_KEY: "e",
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=x",
  };
  expect(Object.keys(bindableEnv(env))).toEqual(["OPENAI_API_KEY", "BILLING_URL"]);
});
