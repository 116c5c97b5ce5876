import { expect, test } from "vitest";
import { placesOf, planFiles } from "./testing/plan-files.ts";
import {
  bindingFile,
  capabilityFile,
  registryFiles,
  serviceFile,
  skillFile,
} from "./testing/registry-documents.ts";

const CAPABILITY = `id: text.note.write
version: 1.0.0
description: Writes a note.
`;

/** What is said about one capability file of this text, as `line:column severity code`. */
function diagnose(content: string, path = "capabilities/text.note.write.yaml"): string[] {
  return planFiles([{ path, content }]).report.diagnostics.map(
    ({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`,
  );
}

test("a matched set of documents gives no diagnostic", () => {
  expect(placesOf(registryFiles())).toEqual([]);
});

test.each<[promise: string, content: string, expected: string[]]>([
  ["a minimal capability is sound", CAPABILITY, []],
  ["a byte order mark does not shift columns", `\uFEFF${CAPABILITY}`, []],
  ["windows line ends do not shift lines", CAPABILITY.replaceAll("\n", "\r\n"), []],
  ["a stray status is ignored", `${CAPABILITY}status: stable\n`, ["4:1 warning unknown_key"]],
  [
    "a byte order mark and windows line ends together keep the place",
    `\uFEFF${CAPABILITY}status: stable\n`.replaceAll("\n", "\r\n"),
    ["4:1 warning unknown_key"],
  ],
  [
    "a field's enum belongs into its schema",
    `${CAPABILITY}inputs:\n  a: {type: string, enum: [x]}\n`,
    ["5:21 warning unknown_key"],
  ],
  [
    "an unknown property is ignored",
    `${CAPABILITY}properties: {pure: true}\n`,
    ["4:14 warning unknown_key"],
  ],
  [
    "a missing id is told at the start",
    "version: 1.0.0\ndescription: x\n",
    ["1:1 error missing_field"],
  ],
  [
    "an id of one segment is refused",
    "id: note\nversion: 1.0.0\ndescription: x\n",
    ["1:5 error invalid_field"],
  ],
  [
    "a version that is no version is refused",
    CAPABILITY.replace("1.0.0", "1.0"),
    ["2:10 error invalid_field"],
  ],
  [
    "a field of an unknown type is refused",
    `${CAPABILITY}inputs:\n  a:\n    type: text\n`,
    ["6:11 error invalid_field"],
  ],
  ["a list is no capability", "- a\n", ["1:1 error invalid_field"]],
  ["an empty document is no capability", "", ["1:1 error invalid_field"]],
  [
    "malformed YAML is told at its place",
    `${CAPABILITY}inputs: {a: [}\n`,
    ["4:14 error yaml_syntax", "4:15 error yaml_syntax"],
  ],
  [
    "two documents in one file are refused",
    `${CAPABILITY}---\na: 1\n`,
    ["4:1 error multiple_documents"],
  ],
  [
    "a key that stands twice is refused",
    `${CAPABILITY}version: 2.0.0\n`,
    ["4:1 error duplicate_key"],
  ],
  [
    "a key that stands twice in the metadata is told, and the last counts",
    `${CAPABILITY}metadata:\n  tags: [a]\n  tags: [b]\n`,
    ["6:3 warning duplicate_key"],
  ],
  [
    "a quoted text that is indented too little is read",
    `${CAPABILITY}metadata:\n  example:\n    text: "one\ntwo"\n  tags: [a, b]\nstatus: x\n`,
    ["7:1 warning yaml_indentation", "9:1 warning unknown_key"],
  ],
  ["infinity cannot be stored", `${CAPABILITY}metadata: {a: .inf}\n`, ["4:15 error invalid_field"]],
  [
    "half a surrogate pair cannot be stored",
    `${CAPABILITY}metadata: {a: "\\ud800"}\n`,
    ["4:15 error invalid_encoding"],
  ],
  ["a NUL cannot be stored", `${CAPABILITY}metadata: {a: "\0"}\n`, ["1:1 error invalid_encoding"]],
  [
    "an anchor that contains itself is refused",
    `${CAPABILITY}metadata: &a {a: *a}\n`,
    ["4:18 error invalid_field"],
  ],
  [
    "aliases that multiply are refused",
    `a: &a [1,2,3,4,5,6,7,8,9]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n`,
    ["1:1 error alias_limit"],
  ],
  [
    "thousands of aliases are refused before they cost time",
    Array.from({ length: 1_001 }, (_, n) => `- &a${n} 1\n- *a${n}\n`).join(""),
    ["1:1 error alias_limit"],
  ],
  ["nesting without end is refused", "[".repeat(100_000), ["1:1 error yaml_syntax"]],
  [
    "a document of more than 1 MiB is refused",
    "#".repeat(1024 * 1024 + 1),
    ["1:1 error document_too_large"],
  ],
  [
    "a gate that nobody knows is an error",
    `${CAPABILITY}safety: {trust_level: standard, mandatory_pre_gates: [security.pii.detect]}\n`,
    ["4:55 error unknown_capability"],
  ],
  [
    "unknown words of safety rules are errors, each at its place",
    `${CAPABILITY}safety:\n  trust_level: total\n  data_classification: secret\n`,
    ["5:16 error invalid_field", "6:24 error invalid_field"],
  ],
  [
    "an unknown target and an unknown scope constraint are errors",
    `${CAPABILITY}safety: {trust_level: standard, allowed_targets: [same_tennant], scope_constraints: [careful]}\n`,
    ["4:51 error invalid_field", "4:86 error invalid_field"],
  ],
  [
    "an unknown on_fail is an error",
    `${CAPABILITY}safety: {trust_level: standard, mandatory_pre_gates: [{capability: text.note.write, on_fail: maybe}]}\n`,
    ["4:94 error invalid_field"],
  ],
  [
    "a gate that acts or has gates itself is an error",
    `${CAPABILITY}properties: {side_effects: true}\nsafety: {trust_level: standard, mandatory_post_gates: [{capability: text.note.write, allow_when: result.ok}]}\n`,
    ["5:69 error unusable_gate"],
  ],
  [
    "a gate's expression and mapping must be readable and name what a gate sees",
    `${CAPABILITY}safety:\n  trust_level: standard\n  mandatory_pre_gates:\n    - {capability: text.note.write, allow_when: "result.ok =="}\n    - {capability: text.note.write, allow_when: vars.ok}\n    - {capability: text.note.write, allow_when: result.ok, input: {text: output.text}}\n`,
    [
      "7:20 error unusable_gate",
      "7:62 error expression_syntax",
      "8:7 error unknown_reference",
      "8:20 error unusable_gate",
      "9:7 error unknown_reference",
      "9:20 error unusable_gate",
    ],
  ],
])("%s", (_promise, content, expected) => {
  expect(diagnose(content)).toEqual(expected);
});

test("merge keys and anchors are read as their values", () => {
  const content = `${CAPABILITY}inputs:\n  a: &field {type: string, required: true}\n  b: {<<: *field, required: false}\n`;
  const plan = planFiles([{ path: "capabilities/text.note.write.yaml", content }]);
  expect(plan.report.diagnostics).toEqual([]);
  expect(plan.capabilities[0]?.capability.inputs).toMatchObject({
    a: { type: "string", required: true },
    b: { type: "string", required: false },
  });
});

test.each<[path: string, expected: string[]]>([
  ["capabilities/_index.yaml", ["capabilities/_index.yaml:1:1 info ignored_file"]],
  ["skills/TEMPLATE/skill.yaml", ["skills/TEMPLATE/skill.yaml:1:1 info ignored_file"]],
  ["vocabulary/cognitive_types.yaml", ["vocabulary/cognitive_types.yaml:1:1 info ignored_file"]],
  ["services/specs/mail.yaml", ["services/specs/mail.yaml:1:1 info ignored_file"]],
  ["README.md", ["README.md:1:1 info ignored_file"]],
])("%s is left alone, whatever is in it", (path, expected) => {
  expect(placesOf([{ path, content: "not: [valid" }])).toEqual(expected);
});

test("a YAML file of no known shape is a warning", () => {
  expect(placesOf([{ path: "notes.yaml", content: "hello: world\n" }])).toEqual([
    "notes.yaml:1:1 warning unrecognized_document",
  ]);
});

test("a document is known by its content where the path says nothing", () => {
  const files = registryFiles().map(({ content }, index) => ({ path: `${index}.yaml`, content }));
  const { report } = planFiles(files);
  expect(report).toEqual({
    imported: { capabilities: 1, skills: 1, bindings: 1, services: 1, defaults: 1 },
    diagnostics: [],
  });
});

test("the channel of a skill comes from its path", () => {
  const { content } = skillFile();
  const channels = [
    "skills/official/text/note/skill.yaml",
    "a\\b\\skills\\community\\text\\note\\skill.yaml",
  ].map((path) => planFiles([capabilityFile(), { path, content }]).skills[0]?.channel);
  expect(channels).toEqual(["official", "community"]);
});

test("two documents of one id are an error at the second one's id", () => {
  expect(
    placesOf([serviceFile(), { ...serviceFile({ module: "other" }), path: "services/other.yaml" }]),
  ).toEqual(["services/other.yaml:1:5 error duplicate_id"]);
});

/** Sound, but for that the capability of the file does not act. */
const PROBE = {
  operation: "look",
  request: { key: "effect.idempotency_key" },
  status: "response.state",
  happened: ["done"],
};

const BINDING = "bindings/text.note.write/native_note_write.yaml";

test.each<[promise: string, more: Parameters<typeof bindingFile>[0], expected: string[]]>([
  [
    "an unknown service is an error",
    { service: "nobody" },
    [`${BINDING}:3:10 error unknown_service`],
  ],
  [
    "a service of another protocol is an error",
    { protocol: "openapi" },
    [`${BINDING}:4:11 error protocol_mismatch`],
  ],
  [
    "a required output that is not mapped is a warning",
    { response: { status: "response.status" } },
    [`${BINDING}:8:1 warning binding_output_unmapped`],
  ],
  [
    "an output that the capability does not declare is a warning",
    { response: { note: "response.note", mood: "response.mood" } },
    [`${BINDING}:10:3 warning unknown_output`],
  ],
  [
    "an input that the capability does not declare is a warning",
    { request: { text: "say ${input.txt}" } },
    [`${BINDING}:7:9 warning unknown_input`],
  ],
  [
    "a fallback that nobody knows is a warning",
    { metadata: { fallback_binding_id: "nobody" } },
    [`${BINDING}:11:24 warning unknown_binding`],
  ],
  [
    "a status probe that cannot tell what it finds is an error, and one that asks about nothing a warning",
    { status_probe: { ...PROBE, not_happened: ["done"], request: {} } },
    [
      `${BINDING}:12:1 error unusable_probe`,
      `${BINDING}:12:1 warning unusable_probe`,
      `${BINDING}:12:1 warning unusable_probe`,
    ],
  ],
  [
    "a status probe with keys, inputs and outputs that nobody knows is warned of",
    {
      status_probe: {
        ...PROBE,
        request: { key: "effect.idempotency_key", text: "input.txt" },
        response: { mood: "response.mood" },
        every: 1,
      },
    },
    [
      `${BINDING}:12:1 warning unusable_probe`,
      `${BINDING}:16:11 warning unknown_input`,
      `${BINDING}:20:3 warning binding_output_unmapped`,
      `${BINDING}:21:5 warning unknown_output`,
      `${BINDING}:22:3 warning unknown_key`,
    ],
  ],
  [
    "a status probe without a place of the answer is an error",
    { status_probe: { ...PROBE, status: "state" } },
    [`${BINDING}:16:11 error invalid_field`],
  ],
  [
    "an unknown protocol is an error",
    { protocol: "telepathy" },
    [`${BINDING}:4:11 error invalid_field`],
  ],
])("of a binding, %s", (_promise, more, expected) => {
  expect(placesOf([capabilityFile(), serviceFile(), bindingFile(more)])).toEqual(expected);
});

test("a binding of a capability that nobody knows is an error", () => {
  expect(placesOf([serviceFile(), bindingFile()])).toEqual([
    `${BINDING}:2:13 error unknown_capability`,
  ]);
});

test("a service's type is not its kind", () => {
  const content = "id: notes\ntype: builtin\nmodule: notes\n";
  const { report } = planFiles([{ path: "services/notes.yaml", content }]);
  expect(report.diagnostics).toMatchObject([
    { line: 1, column: 1, severity: "error", code: "missing_field" },
    { line: 2, column: 1, severity: "warning", code: "unknown_key", hint: "Did you mean kind?" },
  ]);
});

test("a service of kind builtin without module is refused", () => {
  expect(
    placesOf([{ path: "services/notes.yaml", content: "id: notes\nkind: builtin\n" }]),
  ).toEqual(["services/notes.yaml:1:1 error invalid_field"]);
});

test.each<[promise: string, content: string, expected: string]>([
  [
    "an unknown capability",
    "defaults:\n  text.none.write: native_note_write\n",
    "2:3 error unknown_capability",
  ],
  ["an unknown binding", "defaults:\n  text.note.write: nobody\n", "2:20 error unknown_binding"],
])("a default that names %s is an error", (_promise, content, expected) => {
  const path = "official_default_selection.yaml";
  const files = [capabilityFile(), serviceFile(), bindingFile(), { path, content }];
  expect(placesOf(files)).toEqual([`${path}:${expected}`]);
});

test("a default binding of another capability is an error", () => {
  const other = capabilityFile({ id: "text.memo.write" });
  const content = "defaults:\n  text.memo.write: native_note_write\n";
  const files = [
    capabilityFile(),
    other,
    serviceFile(),
    bindingFile(),
    { path: "official_default_selection.yaml", content },
  ];
  expect(placesOf(files)).toEqual(["official_default_selection.yaml:2:20 error unknown_binding"]);
});

test("every diagnostic says what to do", () => {
  const files = [
    { path: "services/a.yaml", content: "id: [" },
    bindingFile(),
    skillFile(),
    { path: "x.yaml", content: "a: 1" },
  ];
  const { diagnostics } = planFiles(files).report;
  expect(diagnostics.length).toBeGreaterThan(4);
  expect(diagnostics.filter(({ hint, message }) => hint === "" || message === "")).toEqual([]);
});

test.each([
  ["its schema", "id: text.note.write\nversion: one\ndescription: x\n", "invalid_field"],
  ["its YAML", "id: [", "yaml_syntax"],
])(
  "a capability that is broken in %s is told once, not by everything that uses it",
  (_what, content, code) => {
    const [capability, ...others] = registryFiles();
    const { report } = planFiles([{ path: capability?.path ?? "", content }, ...others]);
    expect(report.imported.skills).toBe(0);
    expect(report.diagnostics.map((each) => each.code)).toEqual([code]);
  },
);

test.each([
  ["capability", capabilityFile],
  ["skill", skillFile],
])("a %s's field whose schema is no JSON Schema is an error at the schema", (_kind, file) => {
  const inputs = { text: { required: true, schema: { type: "txt" } } };
  const files =
    file === skillFile ? [capabilityFile(), skillFile({ inputs })] : [capabilityFile({ inputs })];
  const { diagnostics } = planFiles(files).report;
  expect(diagnostics.map(({ severity, code, column }) => [severity, code, column])).toEqual([
    ["error", "invalid_field", 5],
  ]);
  expect(diagnostics[0]?.message).toContain("inputs.text");
});
