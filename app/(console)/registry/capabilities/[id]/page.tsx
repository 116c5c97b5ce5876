import type { Metadata } from "next";
import { CapabilityDetail } from "../../../../../components/registry/capability-detail.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).id) };
}

export default async function Page({ params }: Props) {
  return <CapabilityDetail id={decodeURIComponent((await params).id)} />;
}
