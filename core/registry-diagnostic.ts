import { z } from "zod";

export const SEVERITIES = ["error", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Every code a diagnostic may carry, and what it means. An error keeps the whole import from being written. */
export const DIAGNOSTIC_CODES = {
  alias_limit: "The document's YAML aliases expand to more than is allowed.",
  document_too_large: "The document is larger than 1 MiB.",
  duplicate_alias: "Two targets or loop variables of one step share a name.",
  duplicate_id: "Two documents of one import declare the same id, or the same id and version.",
  duplicate_key: "A mapping has the same key twice.",
  duplicate_step_id: "Two steps of a skill have the same id.",
  duplicate_target: "Two outputs write the same target, and neither says how to merge.",
  binding_output_unmapped: "A binding leaves out an output that its capability requires.",
  dependency_cycle: "The steps of a skill wait for each other.",
  deep_reference: "A reference looks inside a value instead of naming it.",
  deprecated_capability: "A step uses a capability that is deprecated.",
  exclusive_control_flow: "A step combines control flow that excludes each other.",
  expression_syntax: "An expression cannot be read.",
  extends_cycle: "Capabilities extend each other in a circle, or more than five deep.",
  file_name_mismatch: "The file's name or folder is not what its id asks for.",
  ignored_file: "The file is not a registry document and was left alone.",
  ignored_key:
    "The key would mean something elsewhere in the document, but has no effect where it stands.",
  invalid_encoding: "The text is not UTF-8, or holds characters that cannot be stored.",
  invalid_field: "A value is not of the expected type or form.",
  invalid_target: "An output's target is not `<namespace>.<path>`.",
  missing_field: "A required key of the document is missing.",
  missing_required_input: "A step leaves out an input that its capability or skill requires.",
  multiple_documents: "The file holds more than one YAML document.",
  output_never_produced: "No step writes an output that the skill declares.",
  protocol_mismatch: "A binding and its service name different protocols.",
  read_only_target: "An output's target is in a namespace that steps may not write.",
  renamed_capability: "A capability was found under another name of the rename map or its aliases.",
  unknown_base: "A capability extends one that is neither in the import nor in the registry.",
  unknown_binding: "A binding that is named is neither in the import nor in the registry.",
  unknown_capability: "A capability that is named is neither in the import nor in the registry.",
  unknown_dependency: "A step waits for a step that does not exist.",
  unknown_input: "An input is passed that the capability or skill does not declare.",
  unknown_key: "The key is not part of the document's format and is ignored.",
  unknown_output: "An output is taken that the capability or skill does not declare.",
  unknown_reference:
    "A reference names an input that the skill does not declare or a value that no step writes.",
  unknown_service: "A binding's service is neither in the import nor in the registry.",
  unknown_skill: "A nested skill is neither in the import nor in the registry.",
  unreachable_join: "A step waits for more branches than it has.",
  unrecognized_document: "Neither the path nor the content says what kind of document this is.",
  unusable_probe:
    "A status probe asks about nothing, cannot tell what it finds, or is of a call that does not act.",
  unsupported_wait:
    "A step waits for what this version cannot wait for, or waits inside a loop or branch.",
  unusable_gate: "A gate's capability has effects, or gates of its own.",
  version_conflict: "The same version exists with other content.",
  weakened_field: "An extending capability makes a required field of its base optional.",
  yaml_boolean_key:
    "A router's unquoted `on` was stored as the boolean `true` and is read as `on`.",
  yaml_indentation: "A quoted text goes on in lines that are indented too little.",
  yaml_syntax: "The document is not valid YAML.",
} as const;
export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;

/** The way to a value inside a document: keys and list indices. */
export type Pointer = readonly (string | number)[];

/** What is wrong inside one document, before its place in a file is known. */
export type DocumentIssue = {
  severity: Severity;
  code: DiagnosticCode;
  pointer: Pointer;
  /** Whether the key or the value at the pointer is to blame; the value where absent. */
  at?: "key" | "value";
  /** Where in the text at the pointer, counting from 1. */
  column?: number;
  message: string;
  /** What to do about it. */
  hint: string;
};

/** What is wrong, where, and what to do. Lines and columns start at 1 and count UTF-16 units. */
export const DiagnosticSchema = z.object({
  severity: z.enum(SEVERITIES),
  code: z.custom<DiagnosticCode>((value) => typeof value === "string"),
  path: z.string(),
  line: z.int(),
  column: z.int(),
  message: z.string(),
  hint: z.string(),
});
export type Diagnostic = z.infer<typeof DiagnosticSchema>;
