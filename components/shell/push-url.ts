/**
 * Puts a choice into the URL without asking the server for a page. `push` makes it a step for Back; choosing what
 * is already chosen makes none.
 */
export function pushUrl(
  path: string,
  query: URLSearchParams,
  how: "push" | "replace" = "push",
): void {
  const text = query.toString();
  const url = text === "" ? path : `${path}?${text}`;
  if (url === location.pathname + location.search) return;
  if (how === "push") history.pushState(null, "", url);
  else history.replaceState(null, "", url);
}
