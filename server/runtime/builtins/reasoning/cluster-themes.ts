import { asText } from "../as-text.ts";
import { isJsonObject, type Json } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { countContentWords, stem } from "../text/content-words.ts";
import { cosine, embed } from "../text/embed-text.ts";
import { textOfItem } from "../text/merge-texts.ts";
import { splitWords } from "../text/sentences.ts";

const SAME_THEME = 0.22;
const MAX_ITEMS = 2_000;

type Item = { id: string; vector: number[]; counts: Map<string, number>; text: string };
type Cluster = { label: string | null; items: Item[]; centre: number[] };

/**
 * Groups `items` by wording: each goes to the group (one per hint label, then as needed up to `max_clusters`, 8) whose hashed vector is
 * nearest, if near enough, else opens a new one (leader clustering, Hartigan 1975). The theme is the hint or the commonest words.
 */
export const clusterThemes: Builtin = (input, context) => {
  const given = new InputReader(input);
  const items = given.list("items").slice(0, MAX_ITEMS).map(readItem);
  const limit = given.whole("max_clusters", 8, 1, 100);
  const clusters: Cluster[] = given
    .texts("hint_labels", [])
    .map((label) => ({ label, items: [], centre: embed(label.replaceAll("_", " ")) }));
  const unclustered: string[] = [];
  for (const item of items) {
    context.signal.throwIfAborted();
    const nearest = clusters
      .map((cluster) => ({ cluster, near: cosine(item.vector, cluster.centre) }))
      .sort((a, b) => b.near - a.near)[0];
    if (
      nearest !== undefined &&
      nearest.near >= (nearest.cluster.label === null ? SAME_THEME : SAME_THEME / 2)
    )
      join(nearest.cluster, item);
    else if (
      clusters.filter((cluster) => cluster.items.length > 0).length < limit &&
      item.counts.size > 0
    )
      clusters.push({ label: null, items: [item], centre: item.vector });
    else unclustered.push(item.id);
  }
  const used = clusters.filter((cluster) => cluster.items.length > 0);
  return {
    clusters: used.map((cluster, index) => describe(cluster, index, items.length)),
    unclustered,
    cluster_quality: {
      cluster_count: used.length,
      clustered_share:
        items.length === 0
          ? 0
          : Math.round(((items.length - unclustered.length) / items.length) * 100) / 100,
    },
    status: "ok",
    rationale: "Grouped by wording (hashed vectors), not by meaning.",
  };
};

function readItem(item: Json, index: number): Item {
  const text = textOfItem(item).slice(0, 50_000);
  return {
    id: (isJsonObject(item) ? asText(item["id"]) : "") || `item-${index + 1}`,
    text,
    vector: embed(text),
    counts: countContentWords(text),
  };
}

function join(cluster: Cluster, item: Item): void {
  cluster.items.push(item);
  const sum = cluster.centre.map((value, index) => value + (item.vector[index] ?? 0));
  const length = Math.hypot(...sum) || 1;
  cluster.centre = sum.map((value) => value / length);
}

function describe(cluster: Cluster, index: number, total: number) {
  const counts = new Map<string, number>();
  const spelled = spellings(cluster.items.map((item) => item.text).join(" "));
  for (const item of cluster.items)
    for (const [word, count] of item.counts)
      counts.set(word, (counts.get(word) ?? 0) + Math.min(3, count));
  const words = [...counts]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, 5)
    .map(([word]) => spelled.get(word) ?? word);
  return {
    id: `theme-${index + 1}`,
    theme: cluster.label ?? words.slice(0, 3).join(" "),
    item_ids: cluster.items.map((item) => item.id),
    keywords: words,
    summary: cluster.items[0]?.text.slice(0, 300) ?? "",
    signal_strength: Math.round((cluster.items.length / Math.max(1, total)) * 100) / 100,
  };
}

/** How each stem was first written. */
function spellings(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const word of splitWords(text.toLowerCase()))
    if (!found.has(stem(word))) found.set(stem(word), word);
  return found;
}
