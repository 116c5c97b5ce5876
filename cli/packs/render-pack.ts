import type { PackCheck } from "../../server/packs/check-pack.ts";
import type { Pack } from "../../server/packs/read-pack.ts";
import { renderFacts } from "../terminal/render-facts.ts";
import { renderTable, type Column } from "../terminal/render-table.ts";
import type { Output } from "../terminal/terminal.ts";
import { toneOfStatus } from "../terminal/tone.ts";

/** What a pack holds and how far its hashes bear it out. */
export function renderPack(pack: Pack, { chain }: PackCheck, out: Output): string[] {
  const { manifest, run, redactions } = pack;
  const { paint } = out;
  const attested =
    chain.attested === 0
      ? ""
      : `; ${chain.attested} cover redacted events and rest on the exporter's word`;
  return [
    `${run.run_id}  ${paint(toneOfStatus(run.status), run.status.replaceAll("_", " "))}`,
    ...renderFacts(
      [
        ["Skill", `${run.skill_id} ${run.skill_version}`],
        ["Exported", `${manifest.exported_at} by ${manifest.exported_by}`],
        ["Events", String(run.head_sequence)],
        ["Parts", `${manifest.parts.length}, all as exported`],
        ["Checkpoints", `${chain.recomputed} computed again${attested}`],
        ["Redacted", `${manifest.redacted_values} values in ${redactions.length} places`],
      ],
      paint,
    ),
    ...renderRedactions(pack, out),
  ];
}

const COLUMNS: Column[] = [
  { title: "REDACTED IN" },
  { title: "PLACE", shrinksTo: 20 },
  { title: "REASON" },
  { title: "TIMES", align: "right" },
];

function renderRedactions({ redactions }: Pack, out: Output): string[] {
  if (redactions.length === 0) return [];
  const rows = redactions.map(({ part, path, reason, count }) => [
    part,
    path,
    reason.replaceAll("_", " "),
    String(count),
  ]);
  return ["", ...renderTable(COLUMNS, rows, { width: out.width(), paint: out.paint })];
}
