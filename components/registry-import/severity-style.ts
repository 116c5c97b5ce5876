import {
  Info,
  OctagonExclamationPoint,
  TriangleExclamationPoint,
  type LucideIcon,
} from "lucide-react";
import type { Diagnostic } from "./send-import.ts";

/** How each severity looks and is called. */
export const SEVERITY_STYLE: Record<
  Diagnostic["severity"],
  { icon: LucideIcon; one: string; tone: string }
> = {
  error: { icon: OctagonExclamationPoint, one: "error", tone: "text-bad" },
  warning: { icon: TriangleExclamationPoint, one: "warning", tone: "text-waiting" },
  info: { icon: Info, one: "note", tone: "text-ink-muted" },
};
