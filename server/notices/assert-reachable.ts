import { DomainError } from "../../core/errors.ts";
import type { CallContext } from "../api/call-context.ts";
import { findRefusedClass } from "../runtime/invokers/find-refused-class.ts";
import { findChannelNetwork } from "./channel-network.ts";

const REFUSALS = {
  metadata: {
    message:
      "The webhook leads to a metadata address of the machine or cloud, which is never called.",
    hint: "Use another address.",
  },
  private: {
    message:
      "The webhook leads to a private or reserved address, which its environment does not allow.",
    hint: "Use a public address, or an environment that allows private ones (GET /api/v1/environments).",
  },
  public: {
    message: "The webhook leads to a public address, which its environment does not allow.",
    hint: "Use an address inside.",
  },
};

/** Throws `invalid_request` with the class of the address where notices of the environment could never be sent there. */
export async function assertReachable(
  ctx: CallContext,
  url: URL,
  environment: string | null,
): Promise<void> {
  const { database, resolveHost } = ctx.dependencies;
  const rules = await findChannelNetwork(database, ctx.tenantId, environment);
  const addressClass = await findRefusedClass(url, rules, resolveHost);
  if (addressClass === null) return;
  const { message, hint } = REFUSALS[addressClass];
  throw new DomainError("invalid_request", message, {
    hint,
    details: { field: "url", reason: "refused_address", address_class: addressClass },
  });
}
