import type { Metadata } from "next";
import { RegistryPage } from "../../../../components/registry/registry-page.tsx";

export const metadata: Metadata = { title: "Bindings" };

export default function Page() {
  return <RegistryPage kind="bindings" />;
}
