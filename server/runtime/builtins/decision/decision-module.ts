import type { BuiltinModule } from "../builtin.ts";
import { catchError } from "./catch-error.ts";
import { delegateTask } from "./delegate-task.ts";
import { evaluateBranch } from "./evaluate-branch.ts";
import { generateOptions } from "./generate-options.ts";
import { justifyOption } from "./justify-option.ts";
import { routeInput } from "./route-input.ts";

/** Module `orca.decision`: branches, routes and choices by rules that can be read. */
export const DECISION_MODULE: BuiltinModule = {
  branch: evaluateBranch,
  catch_error: catchError,
  delegate: delegateTask,
  generate_options: generateOptions,
  justify_option: justifyOption,
  route: routeInput,
};
