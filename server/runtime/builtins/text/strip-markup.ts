const DROPPED = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "svg",
  "head",
  "title",
  "nav",
  "footer",
  "iframe",
  "form",
]);
const BLOCKS = new Set(
  "p div br li ul ol h1 h2 h3 h4 h5 h6 tr table section article main header blockquote pre hr dd dt figure".split(
    " ",
  ),
);
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  copy: "©",
  rsquo: "’",
  lsquo: "‘",
  ldquo: "“",
  rdquo: "”",
  euro: "€",
  uuml: "ü",
  ouml: "ö",
  auml: "ä",
  szlig: "ß",
  eacute: "é",
  egrave: "è",
  agrave: "à",
};

/** True where a text looks like an HTML document or fragment. */
export function isMarkup(text: string): boolean {
  return /<(?:!doctype|html|body|div|p|article|main|h[1-6]|table|span|ul|a)[\s>]/i.test(
    text.slice(0, 20_000),
  );
}

/**
 * The readable text of an HTML page, its title and its links: scripts, styles, navigation and footers dropped, blocks
 * on lines of their own, character references read. One pass, linear in the length; broken markup is read as far as it goes.
 */
export function stripMarkup(html: string): { title: string; text: string; links: string[] } {
  const out: string[] = [];
  const links: string[] = [];
  // Not toLowerCase(): it changes the length of some letters, and both texts share their offsets.
  const lower = html.replaceAll(/[A-Z]{1,100}/g, (letters) => letters.toLowerCase());
  const title = decode(between(html, lower, "<title", "</title>"));
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open < 0) break;
    out.push(html.slice(at, open));
    if (html.startsWith("<!--", open)) {
      at = after(html, "-->", open);
      continue;
    }
    const name = /^\/?([a-zA-Z][a-zA-Z0-9]{0,20})/
      .exec(html.slice(open + 1, open + 24))?.[1]
      ?.toLowerCase();
    if (name === undefined && !/^[!?]/.test(html.slice(open + 1, open + 2))) {
      // A lone sign, not a tag. Looking for its end would make a text of such signs cost quadratic time.
      out.push("<");
      at = open + 1;
      continue;
    }
    const close = html.indexOf(">", open);
    if (close < 0) break;
    if (name === undefined) {
      at = close + 1;
      continue;
    }
    const tag = html.slice(open + 1, close);
    if (BLOCKS.has(name)) out.push("\n");
    const href =
      name === "a" ? /\shref\s{0,4}=\s{0,4}["']?([^"'\s>]{1,2000})/i.exec(tag)?.[1] : undefined;
    if (href !== undefined && links.length < 500) links.push(decode(href));
    const opensDropped = DROPPED.has(name) && !tag.startsWith("/") && !tag.endsWith("/");
    at = opensDropped ? skipElement(lower, name, close) : close + 1;
  }
  if (at < html.length && html.indexOf("<", at) < 0) out.push(html.slice(at));
  return { title, text: tidy(decode(out.join(""))), links };
}

/** One space between words, at most one blank line between blocks. */
export function tidy(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replaceAll(/[ \t\r\f\v\u00a0]{1,}/g, " ").trim())
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

function skipElement(lower: string, name: string, from: number): number {
  const end = lower.indexOf(`</${name}`, from);
  return end < 0 ? lower.length : after(lower, ">", end);
}

function after(html: string, mark: string, from: number): number {
  const end = html.indexOf(mark, from);
  return end < 0 ? html.length : end + mark.length;
}

function between(html: string, lower: string, open: string, close: string): string {
  const start = lower.indexOf(open);
  if (start < 0) return "";
  const from = html.indexOf(">", start) + 1;
  const end = lower.indexOf(close, from);
  return end < 0 ? "" : html.slice(from, end).trim();
}

function decode(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,8});/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()] ?? whole;
    const code =
      name[1]?.toLowerCase() === "x" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
