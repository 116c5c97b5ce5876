"use client";

import { createContext } from "react";
import type { StepGroup } from "../run-explorer/step-groups.ts";

/**
 * What happened to each step, by its id. Nodes read it from here rather than from their own data, so that an event
 * draws the nodes it is about and the canvas is left alone. Null: a skill by itself, that is not running.
 */
export const StepGroupsContext = createContext<ReadonlyMap<string, StepGroup> | null>(null);
