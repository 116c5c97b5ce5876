import { isJsonObject, type Json } from "./json.ts";

/**
 * A chat completion in which each `choices[*].message` whose `content` is JSON has that JSON as
 * `content_json`. The body itself is not changed; any other body is returned as it is.
 */
export function addContentJson(body: Json): Json {
  if (!isJsonObject(body) || !Array.isArray(body["choices"])) return body;
  return { ...body, choices: body["choices"].map(addToChoice) };
}

function addToChoice(choice: Json): Json {
  if (!isJsonObject(choice)) return choice;
  const message = choice["message"];
  if (!isJsonObject(message) || typeof message["content"] !== "string") return choice;
  const parsed = parseJson(message["content"]);
  if (parsed === undefined || Object.hasOwn(message, "content_json")) return choice;
  return { ...choice, message: { ...message, content_json: parsed } };
}

function parseJson(text: string): Json | undefined {
  try {
    const parsed: Json = JSON.parse(text);
    return parsed;
  } catch {
    return undefined;
  }
}
