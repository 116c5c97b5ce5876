import { stringify } from "yaml";
import type { JsonObject } from "../../../core/json.ts";
import type { SourceDocument } from "../read-document.ts";

/** A valid capability file `text.note.write` with one required input and output; `more` replaces top-level keys. */
export function capabilityFile(more: JsonObject = {}): SourceDocument {
  const document = {
    id: "text.note.write",
    version: "1.0.0",
    description: "Writes a note.",
    inputs: { text: { type: "string", required: true }, tone: { type: "string" } },
    outputs: {
      note: { type: "string", required: true },
      status: { type: "string", required: true },
    },
    properties: {
      deterministic: true,
      side_effects: false,
      idempotent: true,
      state_access: "none",
    },
    ...more,
  };
  return { path: `capabilities/${document.id}.yaml`, content: stringify(document) };
}

/** A valid skill file `text.note` of one step over `text.note.write`; `more` replaces top-level keys. */
export function skillFile(more: JsonObject = {}): SourceDocument {
  const document = {
    id: "text.note",
    version: "1.0.0",
    name: "Note",
    description: "Writes a note.",
    inputs: { text: { type: "string", required: true } },
    outputs: { note: { type: "string", required: true } },
    steps: [
      {
        id: "write",
        uses: "text.note.write",
        input: { text: "inputs.text" },
        output: { note: "outputs.note" },
      },
    ],
    ...more,
  };
  return {
    path: `skills/local/${document.id.replace(".", "/")}/skill.yaml`,
    content: stringify(document),
  };
}

/** A valid binding file `native_note_write`; `more` replaces top-level keys. */
export function bindingFile(more: JsonObject = {}): SourceDocument {
  const document = {
    id: "native_note_write",
    capability: "text.note.write",
    service: "notes",
    protocol: "builtin",
    operation: "write_note",
    request: { text: "input.text" },
    response: { note: "response.note" },
    metadata: { status: "stable" },
    ...more,
  };
  return {
    path: `bindings/${document.capability}/${document.id}.yaml`,
    content: stringify(document),
  };
}

/** A valid service file `notes`; `more` replaces top-level keys. */
export function serviceFile(more: JsonObject = {}): SourceDocument {
  const document = { id: "notes", kind: "builtin", module: "notes", ...more };
  return { path: `services/${document.id}.yaml`, content: stringify(document) };
}

/** A matched set of one capability, skill, binding and service, and the default selection. */
export function registryFiles(): SourceDocument[] {
  const defaults = stringify({ defaults: { "text.note.write": "native_note_write" } });
  return [
    capabilityFile(),
    skillFile(),
    bindingFile(),
    serviceFile(),
    { path: "official_default_selection.yaml", content: defaults },
  ];
}
