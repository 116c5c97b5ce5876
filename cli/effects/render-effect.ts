import type { EffectDetail, EffectResolution, EffectView } from "../../core/effect-view.ts";
import { resolutionWords } from "../../core/resolution-words.ts";
import { toOneLine } from "../terminal/one-line.ts";
import { printableJson } from "../terminal/printable-json.ts";
import { renderFacts } from "../terminal/render-facts.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { toneOfStatus } from "../terminal/tone.ts";

/** Where an effect hangs in its run: `outer/order#3`. */
export function placeOfStep({ step_path: path, occurrence }: EffectView): string {
  return occurrence === "" ? path : `${path}#${occurrence}`;
}

function wordsOf(resolution: EffectResolution): string {
  const { comment } = resolution;
  return `${resolutionWords(resolution)}${comment === null ? "" : `: ${toOneLine(comment)}`}`;
}

/** A sheet about one effect: what it is, what was asked, what came of it. */
export function renderEffect(
  {
    effect,
    service_id: service,
    request,
    result,
    redacted_values: redacted,
    ...detail
  }: EffectDetail,
  { out }: Pick<Terminal, "out">,
): string[] {
  const { paint } = out;
  const heading = `${effect.effect_id}  ${paint(toneOfStatus(effect.status), effect.status)}`;
  return [
    heading,
    ...renderFacts(
      [
        ["capability", effect.capability_id],
        ["binding", `${effect.binding_id} (revision ${effect.binding_revision})`],
        ["service", service],
        ["run", `${effect.run_id}  ${detail.run.skill_id}@${detail.run.skill_version}`],
        [
          "lineage",
          effect.run_id === detail.run.lineage_root_run_id ? null : detail.run.lineage_root_run_id,
        ],
        ["step", placeOfStep(effect)],
        ["class", `${effect.effect_class}, ${effect.replay_policy}`],
        ["attempts", String(effect.attempts)],
        ["receipt", effect.provider_receipt],
        ["provider key", effect.idempotency_key],
      ],
      paint,
    ),
    "",
    paint("strong", "What happened"),
    ...detail.history.map(
      ({ occurred_at: at, event_type: type, error, resolution }) =>
        `  ${paint("quiet", at)}  ${type.replace("side_effect.", "")}${error === null ? "" : `  ${error.code}: ${toOneLine(error.message)}`}${resolution === null ? "" : `  ${wordsOf(resolution)}`}`,
    ),
    "",
    paint("strong", "Request"),
    printableJson(request),
    ...(result === null ? [] : ["", paint("strong", "Result"), printableJson(result)]),
    ...(redacted === 0 ? [] : ["", paint("quiet", `Secrets taken out: ${redacted}`)]),
  ];
}
