import type { Metadata } from "next";
import { StartRunPage } from "../../../../../../components/start-run/start-run-page.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Start ${decodeURIComponent((await params).id)}` };
}

export default async function Page({ params }: Props) {
  return <StartRunPage skillId={decodeURIComponent((await params).id)} />;
}
