import { generateClient } from "./generate-client.ts";
import { PROJECT } from "./project.ts";

/** npm run dev: the server with Next in development mode; restarts when a file that it imports changes. */
await generateClient();
process.chdir(PROJECT);
process.execve?.(process.execPath, [process.execPath, "--watch", "server/main.ts"], {
  ...process.env,
  NODE_ENV: "development",
  NEXT_TELEMETRY_DISABLED: "1",
});
