/** A skill that waits for the signal `go` between two steps that need nothing outside. */
export function askingSkill(id: string): string {
  return `
id: ${id}
version: 1.0.0
name: Ask before the end
description: Detects a language, looks at each line, waits for a go, and merges.
inputs:
  text: { type: string, required: true, description: What to look at }
  lines: { type: array, required: true, description: Looked at one by one }
outputs:
  text: { type: string }
steps:
  - id: detect
    uses: perception.language.detect
    input: { text: inputs.text }
    output: { language: vars.language }
  - id: each_line
    uses: perception.language.detect
    input: { text: item }
    output: { language: vars.languages }
    config: { foreach: { items: inputs.lines, concurrency: 2 } }
  - id: ask
    uses: wait.signal
    input: { name: go }
  - id: finish
    uses: perception.language.detect
    input: { text: inputs.text }
    output: { language: outputs.text }
metadata:
  examples:
    - description: Two lines of English
      input: { text: "The harbour opens again on Monday.", lines: ["Please move your boats.", "Thank you for the fish."] }
`;
}

/** A skill that fails at its second step whenever its text is not JSON. */
export function parsingSkill(id: string): string {
  return `
id: ${id}
version: 1.0.0
name: Parse a text
description: Detects a language and parses the text as JSON.
inputs:
  text: { type: string, required: true }
outputs:
  data: { type: object }
steps:
  - id: detect
    uses: perception.language.detect
    input: { text: inputs.text }
    output: { language: vars.language }
  - id: parse
    uses: data.json.parse
    input: { text: inputs.text }
    output: { data: outputs.data }
  - id: after
    uses: perception.language.detect
    input: { text: inputs.text }
    output: { language: vars.again }
`;
}

/** A skill of eleven steps of which the ninth fails whenever its text is not JSON, and the tenth goes through lines. */
export function longSkill(id: string): string {
  const before = Array.from(
    { length: 8 },
    (_, index) => `
  - id: detect_${index + 1}
    uses: perception.language.detect
    input: { text: inputs.title }
    output: { language: vars.language_${index + 1} }`,
  );
  return `
id: ${id}
version: 1.0.0
name: Look at many things
description: Detects languages, parses a text, looks at each line.
inputs:
  title: { type: string, required: true }
  text: { type: string, required: true }
  lines: { type: array, required: true }
outputs:
  data: { type: object }
steps:${before.join("")}
  - id: parse
    uses: data.json.parse
    input: { text: inputs.text }
    output: { data: outputs.data }
  - id: each_line
    uses: perception.language.detect
    input: { text: item }
    output: { language: vars.languages }
    config: { foreach: { items: inputs.lines } }
  - id: close
    uses: perception.language.detect
    input: { text: inputs.title }
    output: { language: vars.closing }
`;
}

/** A skill that asks people twice at once: for an amount by a form, and before a message is sent. */
export function approvalSkill(id: string): string {
  return `
id: ${id}
version: 1.0.0
name: Ask people
description: Asks for an amount, and before a pigeon flies.
inputs:
  customer: { type: string, required: true, description: Who is refunded }
outputs:
  amount: { type: number }
steps:
  - id: agree
    uses: wait.approval
    input:
      reason: Refund this customer?
      risk: high
      payload: { customer: inputs.customer, amount: 120, tone: calm }
      timeout_seconds: 3h
      form_schema:
        type: object
        required: [amount]
        properties:
          amount: { type: number, maximum: 500, description: In euros }
          tone: { type: string, enum: [calm, warm] }
    output: { payload.amount: outputs.amount }
    config: { depends_on: [] }
  - id: send_pigeon
    uses: message.pigeon.send
    input: { text: inputs.customer }
    config: { depends_on: [] }
`;
}

/** A capability that people confirm before it is called, and its binding. */
export const PIGEON = {
  "capabilities/message.pigeon.send.yaml": `
id: message.pigeon.send
version: 1.0.0
description: Sends a pigeon with a text.
inputs:
  text: { type: string, required: true }
outputs:
  language: { type: string }
properties: { side_effects: true }
safety: { trust_level: elevated, reversible: false, requires_confirmation: true }
`,
  "bindings/local/message.pigeon.send/builtin.yaml": `
id: builtin.message.pigeon.send
capability: message.pigeon.send
service: orca_text
protocol: builtin
operation: detect_language
request: { text: input.text }
response: { language: response.language }
`,
};

/** A capability that only runs trusted as privileged may call. */
export function privilegedCapability(id: string): string {
  return `
id: ${id}
version: 1.0.0
description: Detects a language, for tests of safety rules.
inputs: { text: { type: string, required: true } }
outputs: { language: { type: string } }
properties: { side_effects: false, state_access: none }
safety: { trust_level: privileged }
`;
}

/** Its binding to a native function. */
export function nativeBinding(capability: string): string {
  return `
id: native.${capability}
capability: ${capability}
service: orca_text
protocol: builtin
operation: detect_language
request: { text: input.text }
response: { language: response.language }
`;
}

/** A skill of one step that calls a capability with a text. */
export function callingSkill(id: string, capability: string): string {
  return `
id: ${id}
version: 1.0.0
name: Calls a guarded capability
description: Calls one capability.
steps:
  - id: guarded
    uses: ${capability}
    input: { text: The harbour opens again on Monday. }
`;
}

/** A skill that keeps a record and then orders something of a service that may answer or not. */
export function orderingSkill(id: string): string {
  return `
id: ${id}
version: 1.0.0
name: Keep and order
description: Keeps an order, then places it.
inputs:
  order: { type: object, required: true }
  api_key: { type: string }
steps:
  - id: keep
    uses: memory.record.store
    input: { namespace: orders, record: inputs.order }
  - id: place
    uses: e2e.order.place
    input: { order: inputs.order, api_key: inputs.api_key }
    config: { depends_on: [keep] }
`;
}

/** What `orderingSkill` orders through: the service stands at `baseUrl`. */
export function orderDocuments(baseUrl: string): { path: string; content: string }[] {
  return [
    {
      path: "capabilities/e2e.order.place.yaml",
      content: `
id: e2e.order.place
version: 1.0.0
description: Places an order.
inputs:
  order: { type: object, required: true }
  api_key: { type: string }
outputs:
  number: { type: string }
properties: { deterministic: false, side_effects: true, idempotent: true, state_access: write }
`,
    },
    {
      path: "services/e2e_shop.yaml",
      content: `id: e2e_shop\nkind: openapi\nbase_url: ${baseUrl}\n`,
    },
    {
      path: "bindings/e2e_place.yaml",
      content: `
id: e2e_place
capability: e2e.order.place
service: e2e_shop
protocol: openapi
operation: orders
request: { order: input.order }
response: { number: response.receipt }
metadata: { retry_count: 0 }
`,
    },
  ];
}

/** A skill that charges, opens a ticket and sends a mail in the sandbox service, then waits for the signal `go`. */
export function undoableSkill(id: string): string {
  return `
id: ${id}
version: 1.0.0
name: Order and wait
description: Charges, opens a ticket, sends a mail, and waits for a go.
inputs:
  customer: { type: string, required: true }
outputs:
  payment_id: { type: string }
steps:
  - id: charge
    uses: payment.charge.create
    input: { customer: inputs.customer, amount_cents: 1250, currency: EUR, reference: order 7 }
    output: { payment_id: outputs.payment_id }
  - id: open_ticket
    uses: task.ticket.create
    input: { title: inputs.customer }
    output: { ticket_id: vars.ticket }
  - id: tell_customer
    uses: email.message.send
    input: { to: ada@example.com, subject: Your order, body: It is on its way. }
  - id: wait_for_go
    uses: wait.signal
    input: { name: go }
`;
}

/** A skill that drafts with a remark, if there is one, and asks whether the draft is good. */
export function draftingSkill(id: string, reason: string): string {
  return `
id: ${id}
version: 1.0.0
name: Draft a letter
description: Looks at a letter, with a remark if there is one, and asks whether it is good.
inputs:
  customer: { type: string, required: true }
  remark: { type: string }
outputs:
  language: { type: string }
steps:
  - id: collect
    uses: perception.language.detect
    input: { text: inputs.customer }
    output: { language: vars.first }
  - id: draft
    uses: perception.language.detect
    input: { text: inputs.customer, hint: inputs.remark }
    output: { language: vars.language }
  - id: agree
    uses: wait.approval
    input:
      reason: ${reason}
      payload: { customer: inputs.customer, language: vars.language }
  - id: finish
    uses: perception.language.detect
    input: { text: inputs.customer }
    output: { language: outputs.language }
`;
}

/** A skill that asks a group about a payload with a secret. */
export function secretSkill(id: string, group: string): string {
  return `
id: ${id}
version: 1.0.0
name: Transfer
description: Asks a group before money moves.
inputs:
  customer: { type: string, required: true }
  token: { type: string, required: true }
outputs:
  token: { type: string }
steps:
  - id: agree
    uses: wait.approval
    input:
      reason: "Transfer 90 to this customer?"
      payload: { customer: inputs.customer, amount: 90, headers: { authorization: inputs.token } }
      approvers: { groups: [${group}] }
      forbid_self_approval: true
    output: { payload.headers.authorization: outputs.token }
`;
}
