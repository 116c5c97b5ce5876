import { z } from "zod";
import { TimeOut } from "./json-schemas.ts";

const NameSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,98}[\p{L}\p{N}._-])?$/u,
    "1 to 100 letters, digits, spaces, '.', '_' and '-', of which the first is a letter or digit",
  );
const MembersSchema = z
  .array(z.string().trim().min(1).max(254))
  .max(1_000)
  .describe("Ids or e-mail addresses of people of the tenant");

export const CreateGroupSchema = z.strictObject({
  name: NameSchema,
  members: MembersSchema.default([]),
});
export const OneGroupSchema = z.strictObject({ name: z.string().min(1).max(200) });
export const SetMembersSchema = OneGroupSchema.extend({ members: MembersSchema });

const GroupSchema = z.object({
  name: z.string(),
  members: z.array(z.object({ user_id: z.string(), name: z.string(), email: z.string() })),
  created_by: z.string(),
  created_at: TimeOut,
});
export const GroupAnswerSchema = z.object({ group: GroupSchema });
export const GroupListSchema = z.object({ items: z.array(GroupSchema) });
