import { DomainError } from "../../core/errors.ts";

/** A call under way: a capability that will answer, or a nested run that will end. */
export type CallInFlight = {
  /** Null before the call is sent, and for nested runs. */
  controller: AbortController | null;
  childRunId: string | null;
  isAborted: boolean;
};

/** The calls of one run that are under way in this process, by occurrence key. */
export class CallsInFlight {
  readonly #calls = new Map<string, CallInFlight>();
  readonly #cancelChild: (childRunId: string, reason: string) => void;

  constructor(cancelChild: (childRunId: string, reason: string) => void) {
    this.#cancelChild = cancelChild;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** True where nothing but nested runs is under way. */
  get isOnlyChildren(): boolean {
    for (const call of this.#calls.values()) if (call.childRunId === null) return false;
    return true;
  }

  keys(): IterableIterator<string> {
    return this.#calls.keys();
  }

  has(key: string): boolean {
    return this.#calls.has(key);
  }

  /** True where the call was asked to stop. */
  isAborted(key: string): boolean {
    return this.#calls.get(key)?.isAborted === true;
  }

  /** Notes a call; the one that was noted under the key before is forgotten. */
  begin(key: string, parts: Partial<CallInFlight> = {}): CallInFlight {
    const call: CallInFlight = { controller: null, childRunId: null, isAborted: false, ...parts };
    this.#calls.set(key, call);
    return call;
  }

  /** Forgets a call. False where it was not under way. */
  end(key: string): boolean {
    return this.#calls.delete(key);
  }

  /** Asks the calls with matching keys to stop; each is asked once. */
  abort(matches: (key: string) => boolean, reason: string): void {
    for (const [key, call] of this.#calls) {
      if (call.isAborted || !matches(key)) continue;
      call.isAborted = true;
      if (call.childRunId !== null) this.#cancelChild(call.childRunId, reason);
      call.controller?.abort(new DomainError("runtime_error", `Canceled: ${reason}.`));
    }
  }

  /** Gives all calls up without telling nested runs, which go on elsewhere. */
  giveUp(reason: string): void {
    for (const call of this.#calls.values()) {
      call.controller?.abort(new DomainError("runtime_error", `Canceled: ${reason}.`));
    }
    this.#calls.clear();
  }
}
