import type { z } from "zod";
import type { SkillGraph } from "../../core/run-view.ts";
import type {
  BindingDetailSchema,
  BindingItemSchema,
  CapabilityDetailSchema,
  CapabilityItemSchema,
  ImportReportSchema,
  RevisionItemSchema,
  ServiceDetailSchema,
  ServiceItemSchema,
  SkillDetailSchema,
  SkillItemSchema,
  SkillPlanSchema,
  VersionItemSchema,
} from "./registry-schemas.ts";

export type RegistryFilter = { q?: string | undefined; cursor?: string | undefined; limit: number };
export type Page<T> = { items: T[]; next_cursor: string | null };
type Out<T extends z.ZodType> = z.output<T>;

/** The registry as the API shows it. Every answer is of the tenant named; what it does not have is `not_found`. */
export type RegistryReader = {
  listCapabilities(
    tenantId: string,
    filter: RegistryFilter,
  ): Promise<Page<Out<typeof CapabilityItemSchema>>>;
  getCapability(
    tenantId: string,
    id: string,
    version: string | null,
  ): Promise<Out<typeof CapabilityDetailSchema>>;
  listCapabilityVersions(tenantId: string, id: string): Promise<Out<typeof VersionItemSchema>[]>;
  listSkills(tenantId: string, filter: RegistryFilter): Promise<Page<Out<typeof SkillItemSchema>>>;
  getSkill(
    tenantId: string,
    id: string,
    version: string | null,
  ): Promise<Out<typeof SkillDetailSchema>>;
  listSkillVersions(tenantId: string, id: string): Promise<Out<typeof VersionItemSchema>[]>;
  getSkillGraph(tenantId: string, id: string, version: string | null): Promise<SkillGraph>;
  getSkillPlan(
    tenantId: string,
    id: string,
    version: string | null,
  ): Promise<Out<typeof SkillPlanSchema>>;
  listBindings(
    tenantId: string,
    filter: RegistryFilter,
  ): Promise<Page<Out<typeof BindingItemSchema>>>;
  getBinding(
    tenantId: string,
    id: string,
    revision: number | null,
  ): Promise<Out<typeof BindingDetailSchema>>;
  listBindingRevisions(tenantId: string, id: string): Promise<Out<typeof RevisionItemSchema>[]>;
  listServices(
    tenantId: string,
    filter: RegistryFilter,
  ): Promise<Page<Out<typeof ServiceItemSchema>>>;
  getService(
    tenantId: string,
    id: string,
    revision: number | null,
  ): Promise<Out<typeof ServiceDetailSchema>>;
  listServiceRevisions(tenantId: string, id: string): Promise<Out<typeof RevisionItemSchema>[]>;
  importDocuments(
    tenantId: string,
    documents: { path: string; content: string }[],
    options: { dryRun: boolean; actor: string },
  ): Promise<Out<typeof ImportReportSchema>>;
  /** Makes the next question see what was just written beside `importDocuments`. */
  forget(tenantId: string): void;
};
