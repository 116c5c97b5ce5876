"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowRight, Upload } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { toErrorView } from "../api/error-view.ts";
import { counted } from "../registry/registry-entry.ts";
import { Button, buttonStyle } from "../ui/button.tsx";
import { CommandLine } from "../ui/command-line.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Problem } from "../ui/problem.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { describeFiles, sortFiles, type ChosenFile } from "./chosen-files.ts";
import { DropZone } from "./drop-zone.tsx";
import { ImportReportView } from "./import-report-view.tsx";
import { sendImport } from "./send-import.ts";

/** Brings documents into the registry: choose, read the report of a dry run, then write. */
export function ImportPage() {
  const [chosen, setChosen] = useState<ReturnType<typeof sortFiles> | null>(null);
  const queryClient = useQueryClient();
  const dryRun = useMutation({
    mutationFn: (files: readonly ChosenFile[]) => sendImport(files, true),
  });
  const write = useMutation({
    mutationFn: (files: readonly ChosenFile[]) => sendImport(files, false),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  const choose = (files: readonly ChosenFile[]) => {
    const sorted = sortFiles(files);
    write.reset();
    dryRun.reset();
    setChosen(sorted);
    if (sorted.taken.length > 0) dryRun.mutate(sorted.taken);
  };
  const report = write.data ?? dryRun.data;
  const error = write.error ?? dryRun.error;
  const errors =
    report?.diagnostics.filter((diagnostic) => diagnostic.severity === "error").length ?? 0;

  const isKnown =
    report !== undefined &&
    errors === 0 &&
    Object.values(report.imported).every((count) => count === 0);

  return (
    <>
      <PageHeader title="Import">
        Nothing is written before you have seen the report. Versions never change: what is already
        there stays as it is.
      </PageHeader>
      <div className="flex max-w-4xl flex-col gap-5 p-4 lg:p-6">
        <DropZone onChoose={choose} />
        {chosen === null ? (
          <div className="flex flex-col gap-2 text-ink-muted">
            <p>From a terminal:</p>
            <CommandLine command="orca import ./registry --dry-run" />
          </div>
        ) : (
          <p role="status">
            {chosen.taken.length === 0
              ? "There is no YAML document and no archive among these files."
              : describeFiles(chosen.taken)}
            {chosen.passedOver === 0
              ? ""
              : ` · ${counted(chosen.passedOver, "other file")} passed over`}
          </p>
        )}
        {error === null ? null : <Problem error={toErrorView(error)} />}
        {dryRun.isPending ? (
          <div
            role="status"
            aria-label="The documents are being checked"
            className="flex flex-col gap-4"
          >
            <Skeleton className="h-19 w-full" />
            <Skeleton className="h-40 w-full" />
          </div>
        ) : null}
        {report === undefined || chosen === null ? null : (
          <>
            <div className="flex flex-wrap items-center gap-3">
              <h2 className="min-w-0 flex-1 text-lg font-semibold">
                {write.isSuccess
                  ? "Imported"
                  : errors > 0
                    ? "Nothing would be imported"
                    : isKnown
                      ? "Everything is there already"
                      : "This is what would be imported"}
              </h2>
              {write.isSuccess ? (
                <Link href="/registry/skills" className={buttonStyle({ look: "primary" })}>
                  See the skills <ArrowRight aria-hidden />
                </Link>
              ) : (
                <Button
                  look="primary"
                  onClick={() => write.mutate(chosen.taken)}
                  blockedBecause={
                    errors > 0
                      ? "Nothing is written while a document has an error"
                      : isKnown
                        ? "These documents are in the registry already"
                        : write.isPending
                          ? "The import is being written"
                          : null
                  }
                >
                  <Upload aria-hidden /> {write.isPending ? "Importing…" : "Import"}
                </Button>
              )}
            </div>
            {errors > 0 ? (
              <p className="text-ink-soft">
                An import is all or nothing. Correct the errors below and choose the files again.
              </p>
            ) : null}
            <ImportReportView report={report} isDone={write.isSuccess} />
          </>
        )}
      </div>
    </>
  );
}
