import { expect, test } from "vitest";
import { planFiles } from "./testing/plan-files.ts";
import { capabilityFile } from "./testing/registry-documents.ts";

const PATH = "skills/local/text/note/skill.yaml";

/** Lines 1 to 11; what follows are steps, from line 12 on. */
const HEAD = `id: text.note
version: 1.0.0
name: Note
description: Writes a note.
inputs:
  text: {type: string, required: true}
  tone: {type: string}
outputs:
  note: {type: string, required: true}
  extra: {type: string}
steps:
`;

const GOOD_STEP = `  - id: write
    uses: text.note.write
    input: {text: inputs.text}
    output: {note: outputs.note, status: outputs.extra}
`;

/** What is said about a skill of these steps, as `line:column severity code`. */
function diagnose(steps: string, tail = ""): string[] {
  const { report } = planFiles([capabilityFile(), { path: PATH, content: HEAD + steps + tail }]);
  return report.diagnostics.map(
    ({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`,
  );
}

test("a sound skill gives no diagnostic", () => {
  expect(diagnose(GOOD_STEP)).toEqual([]);
});

const STEP = (more: string) => `${GOOD_STEP}${more}`;

test.each<[promise: string, steps: string, expected: string[]]>([
  [
    "a step-level depends_on has no effect",
    STEP("    depends_on: []\n"),
    ["16:5 warning ignored_key"],
  ],
  [
    "a step-level timeout_seconds has no effect",
    STEP("    timeout_seconds: 3\n"),
    ["16:5 warning ignored_key"],
  ],
  ["input_mapping is not input", STEP("    input_mapping: {}\n"), ["16:5 warning unknown_key"]],
  ["output_mapping is not output", STEP("    output_mapping: {}\n"), ["16:5 warning unknown_key"]],
  [
    "an unknown key of config is ignored",
    STEP("    config: {retries: 3}\n"),
    ["16:14 warning unknown_key"],
  ],
  [
    "an unknown key of retry is ignored",
    STEP("    config: {retry: {attempts: 3}}\n"),
    ["16:22 warning unknown_key"],
  ],
  [
    "an unknown capability is an error",
    GOOD_STEP.replace("text.note.write", "text.note.wrote"),
    ["13:11 error unknown_capability"],
  ],
  [
    "waiting for a signal alone is sound",
    `${GOOD_STEP}  - {id: pause, uses: wait.signal, input: {name: go}, config: {condition: inputs.tone, retry: {max_attempts: 2}}}\n`,
    [],
  ],
  [
    "waiting in foreach is an error",
    `${GOOD_STEP}  - {id: pause, uses: wait.timer, input: {duration: 1s}, config: {foreach: {items: inputs.text}}}\n`,
    ["16:23 error unsupported_wait"],
  ],
  [
    "waiting in while is an error",
    `${GOOD_STEP}  - {id: pause, uses: wait.signal, input: {name: go}, config: {while: {condition: 'true'}}}\n`,
    ["16:23 error unsupported_wait"],
  ],
  [
    "waiting beside a router, which would be passed over, is an error",
    STEP("    config: {router: {on: inputs.text, cases: {x: text.note.write}}}\n").replace(
      "uses: text.note.write",
      "uses: wait.timer",
    ),
    ["13:11 error unsupported_wait"],
  ],
  [
    "waiting as a router's case is an error",
    STEP("    config: {router: {on: inputs.text, cases: {x: wait.signal}, default: wait.timer}}\n"),
    ["16:51 error unsupported_wait", "16:74 error unsupported_wait"],
  ],
  [
    "waiting as a target of scatter is an error",
    STEP("    config: {scatter: {capabilities: [{as: a, uses: text.note.write}, wait.timer]}}\n"),
    ["16:71 error unsupported_wait"],
  ],
  [
    "waiting for an approval is good, and inside a loop an error",
    `${GOOD_STEP}  - {id: ask, uses: wait.approval}\n  - {id: all, uses: wait.approval, config: {foreach: {items: inputs.text}}}\n`,
    ["17:21 error unsupported_wait"],
  ],
  [
    "waiting for anything else is an error",
    `${GOOD_STEP}  - {id: pause, uses: wait.signals, input: {name: go}}\n`,
    ["16:23 error unsupported_wait"],
  ],
  [
    "an unknown nested skill is an error",
    GOOD_STEP.replace("text.note.write", "skill:text.missing"),
    ["13:11 error unknown_skill"],
  ],
  [
    "a required input that is left out is an error",
    GOOD_STEP.replace("text: inputs.text", "tone: inputs.tone"),
    ["14:5 error missing_required_input"],
  ],
  [
    "an input that the capability does not declare is a warning",
    GOOD_STEP.replace("{text: inputs.text}", "{text: inputs.text, style: bold}"),
    ["14:32 warning unknown_input"],
  ],
  [
    "an output that the capability does not declare is a warning",
    STEP("").replace("{note: outputs.note,", "{note: outputs.note, notes: vars.notes,"),
    ["15:34 warning unknown_output"],
  ],
  [
    "a declared output that no step writes is a warning where optional",
    GOOD_STEP.replace(", status: outputs.extra", ""),
    ["10:3 warning output_never_produced"],
  ],
  [
    "a declared output that no step writes is an error where required",
    GOOD_STEP.replace("note: outputs.note, ", ""),
    ["9:3 error output_never_produced"],
  ],
  [
    "a reference into a value is told",
    GOOD_STEP.replace("{text: inputs.text}", "{text: inputs.text.title}"),
    ["14:19 info deep_reference"],
  ],
  [
    "a reference to an undeclared input is a warning",
    GOOD_STEP.replace("{text: inputs.text}", "{text: inputs.body}"),
    ["14:19 warning unknown_reference"],
  ],
  [
    "a reference to what no step writes is a warning",
    GOOD_STEP.replace("{text: inputs.text}", "{text: vars.body}"),
    ["14:19 warning unknown_reference"],
  ],
  [
    "a read-only target is an error",
    GOOD_STEP.replace("status: outputs.extra", "status: inputs.text").replace(
      "note: outputs",
      "note: outputs",
    ),
    ["10:3 warning output_never_produced", "15:42 error read_only_target"],
  ],
  [
    "a target that is no place is an error",
    GOOD_STEP.replace("status: outputs.extra", "status: extra"),
    ["10:3 warning output_never_produced", "15:42 error invalid_target"],
  ],
  [
    "two keys of one step with one target are an error",
    GOOD_STEP.replace("status: outputs.extra", "status: outputs.note"),
    ["10:3 warning output_never_produced", "15:42 error duplicate_target"],
  ],
  [
    "two steps that overwrite one target are an error",
    GOOD_STEP + GOOD_STEP.replace("id: write", "id: again").replace(", status: outputs.extra", ""),
    ["19:20 error duplicate_target"],
  ],
  [
    "two targets written under the same key are an error",
    GOOD_STEP.replace("note: outputs.note,", "note: vars.a, note: outputs.note,"),
    ["15:28 error duplicate_key"],
  ],
  [
    "two steps of one id are an error",
    GOOD_STEP + "  - {id: write, uses: text.note.write, input: {text: inputs.text}}\n",
    ["16:10 error duplicate_step_id"],
  ],
  [
    "an unknown dependency is an error",
    STEP("    config: {depends_on: [write, missing]}\n").replace("[write, ", "["),
    ["16:27 error unknown_dependency"],
  ],
  [
    "steps that wait for each other are an error",
    STEP("    config: {depends_on: [last]}\n") +
      "  - {id: last, uses: text.note.write, input: {text: inputs.text}}\n",
    ["16:26 error dependency_cycle"],
  ],
  [
    "a step that waits for itself is an error",
    STEP("    config: {depends_on: [write]}\n"),
    ["16:26 error dependency_cycle"],
  ],
  [
    "a join over more branches than there are is an error",
    STEP("    config: {depends_on: [], join: {n_of_m: 1}}\n"),
    ["16:36 error unreachable_join"],
  ],
  [
    "foreach and while together are an error",
    STEP("    config: {foreach: {items: inputs.text}, while: {condition: 'true'}}\n"),
    ["16:14 error exclusive_control_flow"],
  ],
  [
    "scatter and router together are an error",
    STEP(
      "    config: {scatter: {capabilities: [{as: a, uses: text.note.write}, {as: b, uses: text.note.write}]}, router: {on: inputs.text, cases: {x: text.note.write}}}\n",
    ),
    ["16:14 error exclusive_control_flow"],
  ],
  [
    "two targets of scatter with one alias are an error",
    STEP("    config: {scatter: {capabilities: [text.note.write, text.note.write]}}\n"),
    ["16:56 error duplicate_alias"],
  ],
  [
    "an unknown capability among router cases is an error",
    STEP("    config: {router: {on: inputs.text, cases: {x: text.note.wrote}}}\n"),
    ["16:51 error unknown_capability"],
  ],
  [
    "an expression with an unknown character is an error",
    STEP("    config: {condition: inputs.text == $}\n"),
    ["16:40 error expression_syntax"],
  ],
  [
    "a value of the wrong type is an error",
    STEP("    config: {timeout_seconds: soon}\n"),
    ["16:31 error invalid_field"],
  ],
  [
    "a step without uses is an error",
    "  - id: write\n    input: {}\n",
    ["12:5 error missing_field"],
  ],
  [
    "a router whose key is the boolean true is read as on",
    STEP("    config: {router: {true: inputs.text, cases: {x: text.note.write}}}\n"),
    ["16:23 info yaml_boolean_key"],
  ],
])("%s", (_promise, steps, expected) => {
  expect(diagnose(steps)).toEqual(expected);
});

test("conditions that exclude each other let two steps write one target", () => {
  const second = GOOD_STEP.replace("id: write", "id: again").replace(", status: outputs.extra", "");
  expect(diagnose(`${GOOD_STEP}${second}    config: {condition: inputs.tone == 'calm'}\n`)).toEqual(
    [],
  );
});

test("top-level keys that come from elsewhere are unknown, each with its hint", () => {
  const tail = "status: stable\nchannel: local\nmetadata: {status: stable, anything: goes}\n";
  const { report } = planFiles([
    capabilityFile(),
    { path: PATH, content: HEAD + GOOD_STEP + tail },
  ]);
  expect(report.diagnostics).toEqual([
    {
      severity: "warning",
      code: "unknown_key",
      path: PATH,
      line: 16,
      column: 1,
      message: 'Key "status" is not part of a skill and is ignored.',
      hint: "Write it as metadata.status.",
    },
    expect.objectContaining({ line: 17, column: 1, code: "unknown_key" }),
  ]);
});

test("a mistyped key is met with the one that was meant", () => {
  const [diagnostic] = planFiles([
    capabilityFile(),
    { path: PATH, content: HEAD + STEP("    input_mapping: {}\n") },
  ]).report.diagnostics;
  expect(diagnostic?.hint).toBe("Did you mean input?");
});

test.each([
  ["wait.aproval", /There is no wait\.aproval/, /Did you mean wait\.approval\?/],
  ["wait.signals", /There is no wait\.signals/, /Did you mean wait\.signal\?/],
  ["wait.forever", /There is no wait\.forever/, /wait\.timer/],
])("%s is met with what to write instead", (uses, message, hint) => {
  const content = `${HEAD}${GOOD_STEP}  - {id: pause, uses: ${uses}}\n`;
  const [diagnostic] = planFiles([capabilityFile(), { path: PATH, content }]).report.diagnostics;
  expect(diagnostic?.message).toMatch(message);
  expect(diagnostic?.hint).toMatch(hint);
});

test("a registry's own capability may be called like a wait", () => {
  const { report } = planFiles([
    capabilityFile(),
    capabilityFile({ id: "wait.door.open" }),
    { path: PATH, content: HEAD + GOOD_STEP.replace("text.note.write", "wait.door.open") },
  ]);
  expect(report.diagnostics).toEqual([]);
});

test("a deprecated capability is a warning that names its replacement", () => {
  const old = capabilityFile({
    replacement: "text.note.write",
    metadata: { status: "deprecated" },
    id: "text.memo.write",
  });
  const steps = GOOD_STEP.replace("text.note.write", "text.memo.write");
  const { report } = planFiles([capabilityFile(), old, { path: PATH, content: HEAD + steps }]);
  expect(report.diagnostics).toMatchObject([
    {
      line: 13,
      column: 11,
      severity: "warning",
      code: "deprecated_capability",
      hint: "Use text.note.write instead.",
    },
  ]);
});

test("a former name of a capability is found under its present one, and told", () => {
  const present = capabilityFile({ id: "reasoning.content.summarize" });
  const steps = GOOD_STEP.replace("text.note.write", "text.content.summarize");
  const { report, hasErrors } = planFiles([present, { path: PATH, content: HEAD + steps }]);
  expect(hasErrors).toBe(false);
  expect(report.diagnostics).toMatchObject([
    { line: 13, column: 11, severity: "info", code: "renamed_capability" },
  ]);
});

test("a nested skill is judged by its own inputs and outputs", () => {
  const parent = `${HEAD.replace("text.note", "text.twice")}  - id: inner
    uses: skill:text.note@1.0.0
    input: {tone: inputs.tone}
    output: {note: outputs.note, summary: outputs.extra}
`;
  const { report } = planFiles([
    capabilityFile(),
    { path: PATH, content: HEAD + GOOD_STEP },
    { path: "skills/local/text/twice/skill.yaml", content: parent },
  ]);
  expect(report.diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
    "14:5 missing_required_input",
    "15:34 unknown_output",
  ]);
});

test("a path that asks for another id is a warning at the id", () => {
  const { report } = planFiles([
    capabilityFile(),
    { path: "skills/local/text/notes/skill.yaml", content: HEAD + GOOD_STEP },
  ]);
  expect(report.diagnostics).toMatchObject([
    { line: 1, column: 5, severity: "warning", code: "file_name_mismatch" },
  ]);
});
