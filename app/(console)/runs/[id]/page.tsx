import type { Metadata } from "next";
import { RunExplorer } from "../../../../components/run-explorer/run-explorer.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Run ${(await params).id}` };
}

export default async function Page({ params }: Props) {
  return <RunExplorer runId={(await params).id} />;
}
