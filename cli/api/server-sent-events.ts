/** One message of a stream, or a comment, which says only that the other side is alive. */
export type ServerSentEvent =
  { kind: "message"; id: string | null; data: string } | { kind: "comment" };

/**
 * Reads a stream of server-sent events (WHATWG HTML, "Interpreting an event stream"). A message that the end cuts
 * off is dropped, as the rules ask: whoever comes back gets it whole.
 */
export async function* readServerSentEvents(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  let id: string | null = null;
  let data: string[] = [];
  for await (const line of readLines(stream)) {
    if (line === "") {
      if (data.length > 0) yield { kind: "message", id, data: data.join("\n") };
      data = [];
      continue;
    }
    if (line.startsWith(":")) {
      yield { kind: "comment" };
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    if (field === "id" && !value.includes("\0")) id = value;
  }
}

/** Lines that end with LF, CR or CRLF; what follows the last end of line is dropped. */
async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    // A CR at the end may be the first half of a CRLF: it waits for what comes.
    const isSplit = rest.endsWith("\r");
    const lines = (isSplit ? rest.slice(0, -1) : rest).split(/\r\n|\r|\n/);
    rest = (lines.pop() ?? "") + (isSplit ? "\r" : "");
    yield* lines;
  }
}
