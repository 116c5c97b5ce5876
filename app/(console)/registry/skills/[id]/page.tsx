import type { Metadata } from "next";
import { SkillDetail } from "../../../../../components/registry/skill-detail.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).id) };
}

export default async function Page({ params }: Props) {
  return <SkillDetail id={decodeURIComponent((await params).id)} />;
}
