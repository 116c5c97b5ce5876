import { exportRun, packFileName } from "../../packs/export-run.ts";
import { importPack } from "../../packs/import-pack.ts";
import { operation, router } from "../operation.ts";
import {
  ExportedPackSchema,
  ImportedPackSchema,
  OnePackSchema,
  PackUploadSchema,
} from "../pack-schemas.ts";

const tag = "Replay packs";

/** Runs that leave and enter the instance as files. */
export const packsRouter = router({
  export: operation({
    method: "GET",
    path: "/runs/{run_id}/pack",
    permission: "run:read",
    tag,
    summary: "Export a run as a replay pack",
    file: "application/gzip",
  })
    .input(OnePackSchema)
    .output(ExportedPackSchema)
    .query(async ({ ctx, input }) => {
      const bytes = await exportRun(ctx, input.run_id);
      const name = packFileName(input.run_id);
      ctx.answer.file = { name, bytes };
      return { file_name: name, bytes: bytes.byteLength };
    }),

  import: operation({
    method: "POST",
    path: "/packs",
    permission: "registry:import",
    status: 201,
    tag,
    summary: "Import a replay pack as a record of its run",
  })
    .input(PackUploadSchema)
    .output(ImportedPackSchema)
    .mutation(({ ctx, input }) => importPack(ctx, Buffer.from(input.file))),
});
