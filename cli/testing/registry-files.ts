import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A small registry: a skill of two steps, one that waits for signals, and one that tries again in an hour. By path, as YAML. */
export const REGISTRY_FILES: Readonly<Record<string, string>> = {
  "capabilities/letter.text.fill.yaml": `
id: letter.text.fill
version: 1.0.0
description: Fills a template.
inputs:
  template: { type: string, required: true }
  variables: { type: object }
outputs:
  text: { type: string, required: true }
properties: { deterministic: true, side_effects: false, idempotent: true, state_access: none }
`,
  "services/letters.yaml": "id: letters\nkind: builtin\nmodule: orca.text\n",
  "bindings/letter.text.fill/native_letter_fill.yaml": `
id: native_letter_fill
capability: letter.text.fill
service: letters
protocol: builtin
operation: render_template
request: { template: input.template, variables: input.variables }
response: { text: response.text }
metadata: { status: stable }
`,
  "capabilities/letter.text.fetch.yaml": `
id: letter.text.fetch
version: 1.0.0
description: Fetches a text from where nobody answers.
inputs: {}
outputs:
  text: { type: string, required: true }
properties: { deterministic: false, side_effects: false, idempotent: true, state_access: none }
`,
  "services/nobody.yaml": "id: nobody\nkind: openapi\nbase_url: http://127.0.0.1:9\n",
  "bindings/letter.text.fetch/nobody_fetch.yaml": `
id: nobody_fetch
capability: letter.text.fetch
service: nobody
protocol: openapi
operation: text
request: {}
response: { text: response.text }
metadata: { status: stable, method: GET, retry_count: 0 }
`,
  "official_default_selection.yaml":
    "defaults:\n  letter.text.fill: native_letter_fill\n  letter.text.fetch: nobody_fetch\n",
  "skills/local/letter/greet/skill.yaml": `
id: letter.greet
version: 1.0.0
name: Greet
description: Greets somebody by name.
inputs:
  name: { type: string, required: true, description: Whom to greet. }
  template: { type: string, default: "Dear {{name}}," }
outputs:
  letter: { type: string, required: true }
steps:
  - id: greet
    uses: letter.text.fill
    input: { template: inputs.template, variables: { name: inputs.name } }
    output: { text: vars.greeting }
  - id: close
    uses: letter.text.fill
    input: { template: "{{greeting}} farewell.", variables: { greeting: vars.greeting } }
    output: { text: outputs.letter }
metadata:
  examples:
    - { description: Ada, input: { name: Ada } }
`,
  "skills/local/letter/ask/skill.yaml": `
id: letter.ask
version: 1.0.0
name: Ask
description: Greets somebody, and waits for two signals.
inputs:
  name: { type: string, required: true }
outputs:
  letter: { type: string, required: true }
  by: { type: string }
steps:
  - id: greet
    uses: letter.text.fill
    input: { template: "Dear {{name}},", variables: { name: inputs.name } }
    output: { text: outputs.letter }
  - id: wait
    uses: wait.signal
    input: { name: approved }
    output: { payload: outputs.by }
  - id: wait_again
    uses: wait.signal
    input: { name: sent }
`,
  "skills/local/letter/decide/skill.yaml": `
id: letter.decide
version: 1.0.0
name: Decide
description: Asks a person for an amount.
inputs:
  amount: { type: number, required: true }
  token: { type: string }
outputs:
  amount: { type: number, required: true }
steps:
  - id: pay
    uses: wait.approval
    input:
      reason: Pay it?
      payload: { amount: inputs.amount, token: inputs.token }
      timeout_seconds: 2h
    output: { payload.amount: outputs.amount }
`,
  "skills/local/letter/insist/skill.yaml": `
id: letter.insist
version: 1.0.0
name: Insist
description: Fails, and tries again in an hour.
inputs:
  name: { type: string, required: true }
steps:
  - id: fetch
    uses: letter.text.fetch
    config:
      retry: { max_attempts: 2, backoff_seconds: 3600, max_backoff_seconds: 3600 }
`,
};

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content.trimStart());
  }
}
