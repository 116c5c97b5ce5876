import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DATA_CLASSIFICATIONS, TRUST_LEVELS } from "./capability.ts";
import {
  mergePolicies,
  namesService,
  PolicySourceSchema,
  STRICTEST_POLICY,
  UNRESTRICTED_POLICY,
  type Policy,
  type PolicySource,
} from "./policy.ts";
import { permitsClassification, permitsTrust } from "./trust.ts";

const SERVICES = ["a", "b", "c"];
const services = fc.oneof(
  fc.constant<string[]>(["*"]),
  fc.subarray(SERVICES),
  fc.subarray([...SERVICES, "*"]),
);
const names = fc.record({
  roles: fc.subarray(["approver", "operator"]),
  users: fc.subarray(["ada", "bob"]),
  groups: fc.subarray(["finance"]),
});
const terms = fc.record(
  {
    eligible: fc.option(names),
    quorum: fc.integer({ min: 1, max: 3 }),
    forbid_self_approval: fc.boolean(),
  },
  { requiredKeys: [] },
);
const approvals = fc
  .tuple(terms, fc.record({ gate: terms, in_doubt: terms }, { requiredKeys: [] }))
  .map(([all, byKind]) => ({ ...all, ...byKind }));
const source: fc.Arbitrary<PolicySource> = fc.record(
  {
    trust_ceiling: fc.constantFrom(...TRUST_LEVELS),
    max_data_classification: fc.constantFrom(...DATA_CLASSIFICATIONS),
    approved_connectors: services,
    internal_services: services,
    sandboxed_services: services,
    approvals,
  },
  { requiredKeys: [] },
);

const NAMED = [
  ["roles", "approver"],
  ["roles", "operator"],
  ["users", "ada"],
  ["users", "bob"],
  ["groups", "finance"],
] as const;

/** Everything that a policy permits, as a list of words. */
function permitted(policy: Policy): string[] {
  const lists = ["approved_connectors", "internal_services", "sandboxed_services"] as const;
  return [
    ...TRUST_LEVELS.filter((word) => permitsTrust(policy.trust_ceiling, word)),
    ...DATA_CLASSIFICATIONS.filter((word) =>
      permitsClassification(policy.max_data_classification, word),
    ),
    ...lists.flatMap((list) =>
      [...SERVICES, "another"]
        .filter((id) => namesService(policy[list], id))
        .map((id) => `${list} ${id}`),
    ),
    ...Object.entries(policy.approvals).flatMap(([kind, asked]) => [
      ...NAMED.filter(
        ([list, name]) => asked.eligible === null || asked.eligible[list].includes(name),
      ).map(([list, name]) => `${kind} by ${list} ${name}`),
      ...[1, 2, 3].filter((count) => asked.quorum <= count).map((count) => `${kind} by ${count}`),
      ...(asked.forbid_self_approval ? [] : [`${kind} by oneself`]),
    ]),
  ];
}

describe("merging policies", () => {
  test("is associative, commutative and idempotent, so that equal restrictions have one text", () => {
    fc.assert(
      fc.property(source, source, source, (a, b, c) => {
        const all = mergePolicies([a, b, c]);
        expect(mergePolicies([mergePolicies([a, b]), c])).toEqual(all);
        expect(mergePolicies([a, mergePolicies([b, c])])).toEqual(all);
        expect(mergePolicies([c, a, b])).toEqual(all);
        expect(mergePolicies([all, all, a])).toEqual(all);
      }),
    );
  });

  test("permits exactly what every source permits: another source never adds anything", () => {
    fc.assert(
      fc.property(fc.array(source), source, (sources, more) => {
        const before = permitted(mergePolicies(sources));
        const own = permitted(mergePolicies([more]));
        const after = permitted(mergePolicies([...sources, more]));
        expect(after).toEqual(before.filter((word) => own.includes(word)));
      }),
    );
  });

  test("of nothing restricts nothing, and with the strictest permits the least", () => {
    expect(mergePolicies([])).toEqual(UNRESTRICTED_POLICY);
    fc.assert(
      fc.property(source, (each) => {
        expect(mergePolicies([each, STRICTEST_POLICY])).toEqual(STRICTEST_POLICY);
      }),
    );
  });
});

test("what a source says of one kind of question takes the place of what it says of all", () => {
  const finance = { roles: [], users: [], groups: ["finance"] };
  const operators = { roles: ["operator"], users: [], groups: [] };
  const { approvals: merged } = mergePolicies([
    { approvals: { eligible: finance, quorum: 2, in_doubt: { eligible: operators } } },
    { approvals: { forbid_self_approval: true } },
  ]);
  expect(merged.confirmation).toEqual({
    eligible: finance,
    quorum: 2,
    forbid_self_approval: true,
    replaces_default: false,
  });
  expect(merged.in_doubt).toMatchObject({ eligible: operators, quorum: 2 });
});

test.each([
  [{ trust_ceiling: "total" }],
  [{ max_data_classification: "secret" }],
  [{ approved_connectors: "*" }],
  [{ allowed: true }],
  [{ approvals: { quorum: 0 } }],
  [{ approvals: { form: { quorum: 2 } } }],
  [{ approvals: { eligible: { role: ["approver"] } } }],
  [{ approvals: { replaces_default: true } }],
  [{ approvals: { eligible: { required_roles: [] } } }],
])("%o is no policy", (document) => {
  expect(PolicySourceSchema.safeParse(document).success).toBe(false);
});
