import { z } from "zod";
import { createDatabase } from "../../database/client.ts";
import { createNetworkGuard } from "../../runtime/invokers/network-guard.ts";
import { createSeal } from "../../seal.ts";
import { NoticeCourier } from "../notice-courier.ts";
import { NoticeSender } from "../notice-sender.ts";

/** A courier in a process of its own, to be killed in the middle of an attempt. */
const settings = z
  .object({ COURIER_DATABASE_URL: z.string(), COURIER_KEY: z.string() })
  .parse(process.env);

const log = (_fields: object, message: string) => void process.stderr.write(`${message}\n`);
const database = createDatabase(settings.COURIER_DATABASE_URL, { poolSize: 2 });
new NoticeCourier({
  database,
  sender: new NoticeSender({
    database,
    guard: createNetworkGuard(),
    seal: createSeal(settings.COURIER_KEY),
    mail: null,
    now: Date.now,
  }),
  retention: { deliveredDays: 7, deadDays: 30 },
  publicUrl: null,
  logger: { info() {}, warn: log, error: log },
  now: Date.now,
  random: Math.random,
  lookIntervalMs: 50,
  attemptLeaseMs: 1_000,
}).start();
