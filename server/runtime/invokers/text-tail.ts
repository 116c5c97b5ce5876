/** Characters kept of a text of any length. */
const MAX_CHARACTERS = 4_000;

/** Keeps the end of a growing text, however much is written to it. */
export class TextTail {
  #text = "";

  append(more: string): void {
    this.#text = (this.#text + more).slice(-MAX_CHARACTERS);
  }

  toString(): string {
    return this.#text;
  }
}
