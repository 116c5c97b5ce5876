/** An abort signal that is only made when somebody asks for it. It follows its parent and can be aborted on its own. */
export class LazySignal {
  readonly #parent: AbortSignal;
  #own: AbortController | null = null;
  #signal: AbortSignal | null = null;

  constructor(parent: AbortSignal) {
    this.#parent = parent;
  }

  get(): AbortSignal {
    this.#own ??= new AbortController();
    this.#signal ??= AbortSignal.any([this.#parent, this.#own.signal]);
    return this.#signal;
  }

  abort(reason: unknown): void {
    this.#own ??= new AbortController();
    this.#own.abort(reason);
  }
}
