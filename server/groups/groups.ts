import { DomainError } from "../../core/errors.ts";
import type { CallContext } from "../api/call-context.ts";
import {
  deleteGroup,
  findMemberIds,
  insertGroup,
  listGroupRows,
  replaceGroupMembers,
  type GroupRow,
} from "../database/group-repository.ts";

type GroupView = Omit<GroupRow, "created_at"> & { created_at: string };

/** The tenant's groups by name. */
export async function listGroups(ctx: CallContext): Promise<{ items: GroupView[] }> {
  const rows = await listGroupRows(ctx.dependencies.database, ctx.tenantId, null);
  return { items: rows.map(toView) };
}

/** Makes a group. Throws `invalid_request` where there is one of that name, and for people that there are not. */
export async function createGroup(
  ctx: CallContext,
  { name, members }: { name: string; members: string[] },
): Promise<{ group: GroupView }> {
  const { database, now } = ctx.dependencies;
  const userIds = await idsOf(ctx, members);
  const group = { tenantId: ctx.tenantId, name, createdBy: ctx.actor, createdAt: now() };
  if (!(await insertGroup(database, group, userIds))) {
    throw new DomainError("invalid_request", `There is a group ${name} already.`, {
      hint: "Set its members with POST /api/v1/groups/{name}/members, or choose another name.",
      details: { name },
    });
  }
  return { group: await getGroup(ctx, name) };
}

/** Makes these people the members of a group; who is not named belongs to it no longer. */
export async function setGroupMembers(
  ctx: CallContext,
  { name, members }: { name: string; members: string[] },
): Promise<{ group: GroupView }> {
  const place = { tenantId: ctx.tenantId, name };
  const userIds = await idsOf(ctx, members);
  if (!(await replaceGroupMembers(ctx.dependencies.database, place, userIds))) throw noGroup(name);
  return { group: await getGroup(ctx, name) };
}

/** Removes a group. Questions that name it stay as they are, and nobody decides them through it. */
export async function removeGroup(ctx: CallContext, name: string): Promise<{ group: GroupView }> {
  const group = await getGroup(ctx, name);
  await deleteGroup(ctx.dependencies.database, { tenantId: ctx.tenantId, name });
  return { group };
}

async function getGroup(ctx: CallContext, name: string): Promise<GroupView> {
  const [row] = await listGroupRows(ctx.dependencies.database, ctx.tenantId, name);
  if (row === undefined) throw noGroup(name);
  return toView(row);
}

async function idsOf(ctx: CallContext, members: readonly string[]): Promise<string[]> {
  const ids = await findMemberIds(ctx.dependencies.database, ctx.tenantId, members);
  const unknown = members.filter((member) => !ids.has(member));
  if (unknown.length === 0) return [...ids.values()];
  throw new DomainError("invalid_request", `There is no ${unknown.join(", ")} in this tenant.`, {
    hint: "People are named by id or e-mail address.",
    details: { members: unknown },
  });
}

function noGroup(name: string): DomainError {
  return new DomainError("not_found", `There is no group ${name}.`, {
    hint: "List them with GET /api/v1/groups.",
    details: { name },
  });
}

function toView({ created_at: at, ...row }: GroupRow): GroupView {
  return { ...row, created_at: at.toISOString() };
}
