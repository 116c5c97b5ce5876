import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { ADDRESS_HEADER } from "../../auth/client-address.ts";
import { setPageContentPolicy } from "./security-headers.ts";

/** Hands a request to the pages. What they believe about it (address, protocol, nonce) is ours, never the client's. */
export function servePages(
  pages: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
  isDevelopment: boolean,
): void {
  const { headers } = request;
  headers[ADDRESS_HEADER] = request.socket.remoteAddress ?? "unknown";
  headers["x-forwarded-proto"] = "http";
  if (headers.host !== undefined) headers["x-forwarded-host"] = headers.host;
  setPageContentPolicy(request, response, isDevelopment);
  pages(request, response);
}
