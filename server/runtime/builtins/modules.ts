import type { BuiltinModule } from "./builtin.ts";
import { CODE_MODULE } from "./code/code-module.ts";
import { DATA_MODULE } from "./data/data-module.ts";
import { DECISION_MODULE } from "./decision/decision-module.ts";
import { EMAIL_MODULE } from "./email/email-module.ts";
import { EVALUATION_MODULE } from "./evaluation/evaluation-module.ts";
import { EVIDENCE_MODULE } from "./evidence/evidence-module.ts";
import { FS_MODULE } from "./fs/fs-module.ts";
import { MEDIA_MODULE } from "./media/media-module.ts";
import { MEMORY_MODULE } from "./memory/memory-module.ts";
import { MESSAGE_MODULE } from "./message/message-module.ts";
import { OPS_MODULE } from "./ops/ops-module.ts";
import { AGENT_BASELINE } from "./orca/agent-baseline.ts";
import { DATA_BASELINE, TABLE_BASELINE } from "./orca/data-baseline.ts";
import {
  CODE_BASELINE,
  DOC_BASELINE,
  EMAIL_BASELINE,
  FS_BASELINE,
  MESSAGE_BASELINE,
  WEB_BASELINE,
} from "./orca/document-baselines.ts";
import { IDENTITY_BASELINE } from "./orca/identity-baseline.ts";
import { INTEGRATION_BASELINE } from "./orca/integration-baseline.ts";
import {
  ANALYSIS_BASELINE,
  DECISION_BASELINE,
  EVAL_BASELINE,
  MODEL_BASELINE,
  OPS_BASELINE,
  POLICY_BASELINE,
  PROVENANCE_BASELINE,
  SECURITY_BASELINE,
} from "./orca/judgement-baselines.ts";
import {
  AUDIO_BASELINE,
  IMAGE_BASELINE,
  MEMORY_BASELINE,
  VIDEO_BASELINE,
} from "./orca/media-baselines.ts";
import { SCAFFOLD_SERVICE } from "./orca/scaffold-service.ts";
import { TASK_BASELINE } from "./orca/task-baseline.ts";
import { TEXT_BASELINE } from "./orca/text-baseline.ts";
import { PDF_MODULE } from "./pdf/pdf-module.ts";
import { POLICY_MODULE } from "./policy/policy-module.ts";
import { REASONING_MODULE } from "./reasoning/reasoning-module.ts";
import { SECURITY_MODULE } from "./security/security-module.ts";
import { TABLE_MODULE } from "./table/table-module.ts";
import { TEXT_MODULE } from "./text/text-module.ts";
import { TICKET_MODULE } from "./ticket/ticket-module.ts";
import { WEB_MODULE } from "./web/web-module.ts";

/**
 * Every native module by the name that a service file's `module` gives: `orca.*` for the registry that ships, and
 * `official_services.*` for services of the ORCA registry, whose Python modules these stand in for.
 */
export const BUILTIN_MODULES: Readonly<Record<string, BuiltinModule>> = {
  "orca.code": CODE_MODULE,
  "orca.data": DATA_MODULE,
  "orca.decision": DECISION_MODULE,
  "orca.email": EMAIL_MODULE,
  "orca.evaluation": EVALUATION_MODULE,
  "orca.evidence": EVIDENCE_MODULE,
  "orca.fs": FS_MODULE,
  "orca.media": MEDIA_MODULE,
  "orca.memory": MEMORY_MODULE,
  "orca.message": MESSAGE_MODULE,
  "orca.ops": OPS_MODULE,
  "orca.pdf": PDF_MODULE,
  "orca.policy": POLICY_MODULE,
  "orca.reasoning": REASONING_MODULE,
  "orca.security": SECURITY_MODULE,
  "orca.table": TABLE_MODULE,
  "orca.text": TEXT_MODULE,
  "orca.ticket": TICKET_MODULE,
  "orca.web": WEB_MODULE,
  "official_services.agent_baseline": AGENT_BASELINE,
  "official_services.analysis_baseline": ANALYSIS_BASELINE,
  "official_services.audio_baseline": AUDIO_BASELINE,
  "official_services.code_baseline": CODE_BASELINE,
  // Declared by that registry as a service, used by none of its bindings.
  "official_services.core_python": {},
  "official_services.data_baseline": DATA_BASELINE,
  "official_services.decision_baseline": DECISION_BASELINE,
  "official_services.doc_baseline": DOC_BASELINE,
  "official_services.email_baseline": EMAIL_BASELINE,
  "official_services.eval_baseline": EVAL_BASELINE,
  "official_services.fs_baseline": FS_BASELINE,
  "official_services.identity_baseline": IDENTITY_BASELINE,
  "official_services.image_baseline": IMAGE_BASELINE,
  "official_services.integration_baseline": INTEGRATION_BASELINE,
  "official_services.memory_baseline": MEMORY_BASELINE,
  "official_services.message_baseline": MESSAGE_BASELINE,
  "official_services.model_baseline": MODEL_BASELINE,
  "official_services.ops_baseline": OPS_BASELINE,
  "official_services.policy_baseline": POLICY_BASELINE,
  "official_services.provenance_baseline": PROVENANCE_BASELINE,
  "official_services.scaffold_service": SCAFFOLD_SERVICE,
  "official_services.security_baseline": SECURITY_BASELINE,
  "official_services.table_baseline": TABLE_BASELINE,
  "official_services.task_baseline": TASK_BASELINE,
  "official_services.text_baseline": TEXT_BASELINE,
  "official_services.video_baseline": VIDEO_BASELINE,
  "official_services.web_baseline": WEB_BASELINE,
};
