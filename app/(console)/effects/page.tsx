import type { Metadata } from "next";
import { EffectsPage } from "../../../components/effects/effects-page.tsx";

export const metadata: Metadata = { title: "Effects" };

export default function Page() {
  return <EffectsPage />;
}
