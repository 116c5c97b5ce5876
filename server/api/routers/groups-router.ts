import { createGroup, listGroups, removeGroup, setGroupMembers } from "../../groups/groups.ts";
import {
  CreateGroupSchema,
  GroupAnswerSchema,
  GroupListSchema,
  OneGroupSchema,
  SetMembersSchema,
} from "../group-schemas.ts";
import { operation, router } from "../operation.ts";

const permission = "group:manage";
const tag = "Groups";

/** People under one name, to whom questions may go. */
export const groupsRouter = router({
  list: operation({
    method: "GET",
    path: "/groups",
    // Whoever reads that a group decides may want to know who that is.
    permission: "approval:decide",
    tag,
    summary: "List groups with their members",
  })
    .output(GroupListSchema)
    .query(({ ctx }) => listGroups(ctx)),

  create: operation({
    method: "POST",
    path: "/groups",
    permission,
    status: 201,
    tag,
    summary: "Make a group of people",
  })
    .input(CreateGroupSchema)
    .output(GroupAnswerSchema)
    .mutation(({ ctx, input }) => createGroup(ctx, input)),

  setMembers: operation({
    method: "POST",
    path: "/groups/{name}/members",
    permission,
    tag,
    summary: "Say who belongs to a group, and nobody else",
  })
    .input(SetMembersSchema)
    .output(GroupAnswerSchema)
    .mutation(({ ctx, input }) => setGroupMembers(ctx, input)),

  remove: operation({
    method: "DELETE",
    path: "/groups/{name}",
    permission,
    tag,
    summary: "Remove a group; what it was asked is decided by nobody through it",
  })
    .input(OneGroupSchema)
    .output(GroupAnswerSchema)
    .mutation(({ ctx, input }) => removeGroup(ctx, input.name)),
});
