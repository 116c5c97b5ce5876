/**
 * For `node --import`: a process whose clock is off by VERIFY_CLOCK_OFFSET_MS. What Node's timers measure is not
 * touched, as in a machine whose wall clock is wrong.
 */
const offsetMs = Number(process.env.VERIFY_CLOCK_OFFSET_MS ?? "0");
const RightDate = Date;
const now = () => RightDate.now() + offsetMs;

globalThis.Date = new Proxy(RightDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RightDate(now()).toString(),
  get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver)),
});
