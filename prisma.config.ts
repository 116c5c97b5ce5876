import { defineConfig } from "prisma/config";

/** Where Prisma's own tools find the schema and the migrations. The program itself does not read this file. */
export default defineConfig({
  schema: "prisma",
  migrations: { path: "prisma/migrations" },
  ...(process.env.DATABASE_URL === undefined
    ? {}
    : { datasource: { url: process.env.DATABASE_URL } }),
});
