import type { HttpAnswer } from "./http-call.ts";

/** The media type of an answer without its parameters, in lower case; "" where it names none. */
export function mediaTypeOf(answer: HttpAnswer): string {
  return (answer.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** The body as text in the charset that it names; UTF-8 where it names none or an unknown one. */
export function decodeText(answer: HttpAnswer): string {
  const charset =
    /charset="?([\w.:-]+)/i.exec(answer.headers["content-type"] ?? "")?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(answer.body);
  } catch {
    return new TextDecoder().decode(answer.body);
  }
}
