import { Skeleton } from "../ui/skeleton.tsx";

/** The run's page before it knows its run: the same parts at the same places. */
export function ExplorerSkeleton() {
  return (
    <div role="status" aria-label="The run is loading" className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-19 items-start gap-4 border-b bg-surface px-4 py-3">
        <div className="flex flex-col gap-2">
          <Skeleton className="h-6 w-80 max-w-[60vw]" />
          <Skeleton className="h-4 w-56" />
        </div>
      </div>
      <div className="flex min-h-0 flex-1 max-lg:hidden">
        <div className="flex-[0.64] bg-sunken" />
        <div className="flex flex-[0.36] flex-col gap-3 border-l bg-surface p-4">
          <Skeleton className="h-5 w-32" />
          <Skeleton className="h-8 w-full" />
          <Skeleton className="h-40 w-full" />
        </div>
      </div>
    </div>
  );
}
