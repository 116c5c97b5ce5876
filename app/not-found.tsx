import { SearchX } from "lucide-react";
import Link from "next/link";
import { EmptyState } from "../components/ui/empty-state.tsx";

export default function NotFound() {
  return (
    <main className="pt-[16vh]">
      <EmptyState icon={SearchX} title="There is no such page">
        The address may be mistyped.{" "}
        <Link href="/" className="text-accent underline">
          Go to the overview
        </Link>
        .
      </EmptyState>
    </main>
  );
}
