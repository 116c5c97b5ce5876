import { createServer } from "node:net";

/** A TCP port of 127.0.0.1 that nobody listens on now. Whoever uses it must cope with losing it to another. */
export async function findFreePort(): Promise<number> {
  const probe = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  probe.once("error", reject);
  probe.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  return typeof address === "object" && address !== null ? address.port : 0;
}
