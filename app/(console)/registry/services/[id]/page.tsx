import type { Metadata } from "next";
import { ServiceDetail } from "../../../../../components/registry/service-detail.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).id) };
}

export default async function Page({ params }: Props) {
  return <ServiceDetail id={decodeURIComponent((await params).id)} />;
}
