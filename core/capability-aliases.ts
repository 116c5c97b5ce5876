/** Capability ids of the older ORCA registry and what they are called now (`origins/orca.md` §12). */
export const RENAMED_CAPABILITIES: Readonly<Record<string, string>> = {
  "agent.flow.branch": "decision.flow.branch",
  "agent.flow.catch": "decision.flow.catch",
  "agent.input.collect": "perception.input.structure",
  "agent.input.route": "decision.input.route",
  "agent.option.generate": "reasoning.option.generate",
  "agent.plan.generate": "reasoning.plan.generate",
  "agent.plan.create": "reasoning.plan.generate",
  "agent.task.delegate": "decision.task.delegate",
  "analysis.problem.split": "reasoning.problem.decompose",
  "analysis.risk.extract": "reasoning.risk.extract",
  "analysis.theme.cluster": "reasoning.theme.cluster",
  "eval.option.analyze": "reasoning.option.analyze",
  "eval.option.score": "evaluation.option.score",
  "eval.output.score": "evaluation.output.score",
  "memory.entry.store": "memory.record.store",
  "model.embedding.generate": "reasoning.embedding.generate",
  "model.output.classify": "reasoning.output.classify",
  "model.output.generate": "reasoning.output.generate",
  "model.output.sanitize": "reasoning.output.normalize",
  "model.output.score": "evaluation.response.score",
  "model.prompt.template": "reasoning.prompt.template",
  "model.response.validate": "evaluation.response.validate",
  "model.risk.score": "evaluation.risk.score",
  "ops.event.monitor": "perception.event.monitor",
  "ops.trace.analyze": "evidence.trace.analyze",
  "ops.trace.monitor": "evidence.trace.monitor",
  "provenance.citation.generate": "evidence.citation.generate",
  "provenance.claim.verify": "evidence.claim.verify",
  "task.case.get": "perception.case.get",
  "task.case.list": "perception.case.list",
  "task.case.search": "perception.case.search",
  "task.priority.classify": "reasoning.priority.classify",
  "task.sla.monitor": "perception.sla.monitor",
  "text.content.classify": "reasoning.content.classify",
  "text.content.compare": "reasoning.content.compare",
  "text.content.generate": "reasoning.content.generate",
  "text.content.merge": "reasoning.content.merge",
  "text.content.summarize": "reasoning.content.summarize",
  "text.content.template": "reasoning.content.template",
  "text.content.transform": "reasoning.content.transform",
  "text.content.translate": "reasoning.content.translate",
  "text.content.embed": "reasoning.embedding.generate",
  "text.content.extract": "perception.content.extract",
  "text.entity.extract": "perception.entity.extract",
  "text.keyword.extract": "perception.keyword.extract",
  "text.language.detect": "perception.language.detect",
  "text.response.extract": "reasoning.response.extract",
  "text.sentiment.analyze": "reasoning.sentiment.analyze",
};

const FORMER_NAMES = new Map<string, string[]>();
for (const [former, current] of Object.entries(RENAMED_CAPABILITIES)) {
  FORMER_NAMES.set(current, [...(FORMER_NAMES.get(current) ?? []), former]);
}

/**
 * All names of one capability over time: the id itself first, then newer names, then older ones. Where two old
 * capabilities were merged, the one that kept its meaning comes before the one that was merged into it.
 */
export function listCapabilityNames(id: string): string[] {
  const names = new Set([id]);
  for (const name of names) {
    const current = Object.hasOwn(RENAMED_CAPABILITIES, name)
      ? RENAMED_CAPABILITIES[name]
      : undefined;
    if (current !== undefined) names.add(current);
  }
  for (const name of names) for (const former of FORMER_NAMES.get(name) ?? []) names.add(former);
  return [...names];
}

/**
 * The name under which a registry knows the capability: the id itself where `exists` says so, otherwise the
 * first of its newer and older names that exists, otherwise the id unchanged.
 */
export function resolveCapabilityId(id: string, exists: (id: string) => boolean): string {
  return exists(id) ? id : (listCapabilityNames(id).find(exists) ?? id);
}
