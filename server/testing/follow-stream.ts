/** One frame of a stream of server-sent events. */
export type StreamEvent = { id: number; type: string };

/** What a client has heard so far, and how often it had to connect. */
export type FollowedStream = {
  events: StreamEvent[];
  connections: () => number;
  /** Resolves once an event satisfies `test`. */
  heard(test: (event: StreamEvent) => boolean): Promise<void>;
  /** Resolves once the server said with 204 that all is told. */
  ended: Promise<void>;
};

/** A browser waits longer between two attempts; a test need not. */
const RECONNECT_MS = 50;

/**
 * Follows a run's stream as a browser's EventSource does: comes back with Last-Event-ID whenever the connection ends,
 * also while there is no server. Keeps every frame, repeated ones too.
 */
export function followStream(url: string, apiKey: string): FollowedStream {
  const events: StreamEvent[] = [];
  const watchers = new Set<() => void>();
  let connections = 0;

  async function connect(): Promise<"more" | "all told"> {
    const last = events.at(-1);
    const response = await fetch(url, {
      headers: {
        authorization: `Bearer ${apiKey}`,
        accept: "text/event-stream",
        ...(last === undefined ? {} : { "last-event-id": String(last.id) }),
      },
    });
    if (response.status === 204) return "all told";
    if (response.status !== 200 || response.body === null) throw new Error(String(response.status));
    connections += 1;
    let text = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const frames = text.split("\n\n");
      text = frames.pop() ?? "";
      for (const frame of frames) hear(frame);
    }
    return "more";
  }

  function hear(frame: string): void {
    const fields = new Map(
      frame.split("\n").map((line): [string, string] => {
        const [name = "", ...rest] = line.split(": ");
        return [name, rest.join(": ")];
      }),
    );
    const [id, type] = [fields.get("id"), fields.get("event")];
    if (id === undefined || type === undefined) return;
    events.push({ id: Number(id), type });
    for (const check of watchers) check();
  }

  async function follow(): Promise<void> {
    while ((await connect().catch(() => "more")) !== "all told") {
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    }
  }

  return {
    events,
    connections: () => connections,
    heard: (test) =>
      new Promise((resolve) => {
        const check = () => {
          if (!events.some(test)) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        check();
      }),
    ended: follow(),
  };
}
