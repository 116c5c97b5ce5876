import { look, open, skillDocument } from "../skills.ts";

const approval = (id: string, config: { depends_on?: string[] } = {}) => ({
  id,
  uses: "wait.approval",
  input: { reason: `May ${id} go on?`, payload: { run: "inputs.run" } },
  output: { decided_by: `vars.${id}` },
  config,
});
const signal = (id: string) => ({
  id,
  uses: "wait.signal",
  input: { name: id },
  output: { payload: `vars.${id}` },
});
/** Tries again after an answer that says that nothing was done. */
const retry = { retry: { max_attempts: 3, backoff_seconds: 0.05 } };

/** One skill for each kind of boundary, with an effect on either side of it. */
export const ADVANCED_SKILLS: Record<string, string> = {
  ...skillDocument("chain", [open("first"), look("look"), open("last")]),
  ...skillDocument("slow", [
    open("first", { manner: "slow" }),
    look("look"),
    open("last", { manner: "slow" }),
  ]),
  ...skillDocument("plain", [open("first", { plain: true }), open("last")]),
  ...skillDocument("retried", [
    open("busy", { manner: "busy_first", config: retry }),
    open("last"),
  ]),
  ...skillDocument("exhausted", [
    open("first"),
    open("refused", { manner: "refuse_first" }),
    open("last"),
  ]),
  ...skillDocument("hopeless", [open("busy", { manner: "busy", config: retry })]),
  ...skillDocument("approved", [open("first"), approval("agree"), open("last")]),
  ...skillDocument("approved_thrice", [
    open("first"),
    approval("left", { depends_on: ["first"] }),
    approval("right", { depends_on: ["first"] }),
    open("between", { config: { depends_on: ["left", "right"] } }),
    approval("finally"),
    open("last"),
  ]),
  ...skillDocument("signaled", [open("first"), signal("go"), open("last")]),
  ...skillDocument("paused", [open("held", { manner: "hold" }), open("last")]),
  ...skillDocument("held", [open("held", { manner: "hold" }), open("last")]),
  ...skillDocument("held_plain", [open("held", { manner: "hold", plain: true }), open("last")]),
  ...skillDocument("signaled_then_retried", [
    signal("go"),
    open("busy", { manner: "busy_first", config: retry }),
    open("last"),
  ]),
};
