import {
  Activity,
  Boxes,
  LayoutDashboard,
  ReceiptText,
  Settings,
  UserRoundCheck,
  type LucideIcon,
} from "lucide-react";

/** A page of the left rail. */
export type RailPage = { href: string; label: string; icon: LucideIcon };

/** The pages of the product, in the order of the rail and of the palette. */
export const RAIL_PAGES: readonly RailPage[] = [
  { href: "/", label: "Overview", icon: LayoutDashboard },
  { href: "/runs", label: "Runs", icon: Activity },
  { href: "/approvals", label: "Approvals", icon: UserRoundCheck },
  { href: "/registry", label: "Registry", icon: Boxes },
  { href: "/effects", label: "Effects", icon: ReceiptText },
  { href: "/settings", label: "Settings", icon: Settings },
];

/** Whether a path lies on the page that `href` opens. */
export function isOnPage(path: string, href: string): boolean {
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}
