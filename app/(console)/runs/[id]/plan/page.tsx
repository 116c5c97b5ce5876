import type { Metadata } from "next";
import { PlanPage } from "../../../../../components/rewind/plan-page.tsx";

type Props = { params: Promise<{ id: string }> };

export const metadata: Metadata = { title: "Plan" };

export default async function Page({ params }: Props) {
  return <PlanPage runId={(await params).id} />;
}
