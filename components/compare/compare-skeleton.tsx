import { Skeleton } from "../ui/skeleton.tsx";

/** The page before the runs are compared: the same parts at the same places. */
export function CompareSkeleton() {
  return (
    <div
      role="status"
      aria-label="The comparison is loading"
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="flex h-17 flex-col justify-center gap-2 border-b px-4 lg:px-6">
        <Skeleton className="h-5 w-32" />
        <Skeleton className="h-4 w-72 max-w-[70vw]" />
      </div>
      <div className="grid border-b bg-surface md:grid-cols-2 md:divide-x max-md:divide-y">
        {["A", "B"].map((side) => (
          <div key={side} className="flex h-21 flex-col justify-center gap-2 px-4 lg:px-6">
            <Skeleton className="h-5 w-56" />
            <Skeleton className="h-4 w-72 max-w-[70vw]" />
          </div>
        ))}
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="flex flex-[0.56] flex-col gap-4 p-4 lg:px-6">
          {Array.from({ length: 8 }, (_, index) => (
            <Skeleton key={index} className="h-5 w-full" />
          ))}
        </div>
        <div className="flex flex-[0.44] flex-col gap-3 border-l bg-surface p-4 max-lg:hidden">
          <Skeleton className="h-5 w-40" />
          <Skeleton className="h-40 w-full" />
        </div>
      </div>
    </div>
  );
}
