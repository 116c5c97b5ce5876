import { Socket } from "node:net";

/**
 * A socket that breaks off with `ETIMEDOUT` once nothing came or went for `silenceMs`. Everything that waits on it
 * then fails at once, as after any lost connection. Long work that lets hear of itself is not disturbed.
 */
export function createWatchedSocket(silenceMs: number): Socket {
  const socket = new Socket();
  socket.setTimeout(silenceMs, () => {
    const message = `The database said nothing for ${silenceMs / 1000} s`;
    socket.destroy(Object.assign(new Error(message), { code: "ETIMEDOUT" }));
  });
  return socket;
}
