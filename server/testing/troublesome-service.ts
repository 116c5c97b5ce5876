import {
  startLoopbackServer,
  type LoopbackServer,
} from "../runtime/invokers/testing/loopback-server.ts";

/** A service on this machine that answers each path in its own wrong way; any other path it never answers. */
export function startTroublesomeService(): Promise<LoopbackServer> {
  return startLoopbackServer(({ path }, response, raw) => {
    const json = (text: string) => response.setHeader("content-type", "application/json").end(text);
    switch (path) {
      case "/html":
        return response.setHeader("content-type", "text/html").end("<h1>Please sign in</h1>");
      case "/reset":
        return raw.socket.resetAndDestroy();
      case "/away":
        return response.writeHead(307, { location: "http://169.254.169.254/latest/" }).end();
      case "/huge":
        return json(JSON.stringify({ answer: "x".repeat(11_000_000) }));
      case "/odd":
        return json('{"answer": 7}');
      case "/broken":
        return response.writeHead(500).end("a stack trace of ours");
      case "/nul":
        return json(String.raw`{"answer": "a\u0000b \ud800"}`);
      default:
        return;
    }
  });
}
