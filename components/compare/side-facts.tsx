import type { ReactNode } from "react";
import { classNames } from "../ui/class-names.ts";
import { SideTag } from "./side-tag.tsx";

/** One fact of both sides; `isDifferent` marks it. */
export type SideFact = { name: string; a: ReactNode; b: ReactNode; isDifferent: boolean };

/** Facts of both runs side by side; what differs stands out. Null is said as a dash. */
export function SideFacts({ label, facts }: { label: string; facts: readonly SideFact[] }) {
  return (
    <table aria-label={label} className="w-full table-fixed border-collapse text-left">
      <thead>
        <tr className="border-b">
          <th className="w-26 pb-1.5 font-normal">
            <span className="sr-only">What</span>
          </th>
          <th className="pb-1.5 pl-2">
            <SideTag side="A" />
          </th>
          <th className="pb-1.5 pl-2">
            <SideTag side="B" />
          </th>
        </tr>
      </thead>
      <tbody>
        {facts.map(({ name, a, b, isDifferent }) => (
          <tr key={name} className={classNames("border-b align-top", isDifferent && "bg-sunken")}>
            <th scope="row" className="px-2 py-1 font-normal text-ink-muted">
              {name}
            </th>
            <Value isDifferent={isDifferent}>{a}</Value>
            <Value isDifferent={isDifferent}>{b}</Value>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ isDifferent, children }: { isDifferent: boolean; children: ReactNode }) {
  return (
    <td className={classNames("px-2 py-1 break-words", isDifferent && "font-medium")}>
      {children ?? <span className="text-ink-muted">–</span>}
    </td>
  );
}
