import type { Database } from "./client.ts";

type Prisma = Pick<Database, "prisma">;
type OneRun = { tenantId: string; runId: string };

/** Pins a checkpoint; one that is pinned already stays as it is. */
export async function insertCheckpointPin(
  { prisma }: Prisma,
  pin: OneRun & { sequence: number; pinnedBy: string; pinnedAt: Date },
): Promise<void> {
  await prisma.checkpointPin.createMany({ data: [pin], skipDuplicates: true });
}

/** Takes a checkpoint's pin away, if it has one. */
export async function deleteCheckpointPin(
  { prisma }: Prisma,
  pin: OneRun & { sequence: number },
): Promise<void> {
  await prisma.checkpointPin.deleteMany({ where: pin });
}

/** The first `limit` sequences of a run's pinned checkpoints after one sequence. Index: the primary key. */
export async function listPinnedSequences(
  { prisma }: Prisma,
  range: OneRun & { after: number; limit: number },
): Promise<number[]> {
  const { tenantId, runId, after, limit } = range;
  const rows = await prisma.checkpointPin.findMany({
    where: { tenantId, runId, sequence: { gt: after } },
    orderBy: { sequence: "asc" },
    take: limit,
    select: { sequence: true },
  });
  return rows.map(({ sequence }) => sequence);
}
