import { isJsonObject, type Json, type JsonObject } from "../../../../core/json.ts";
import { allText } from "../decision/read-options.ts";
import { contentWords } from "../text/content-words.ts";
import { selectSentences } from "../text/select-sentences.ts";
import { splitSentences } from "../text/sentences.ts";

/** What a field may be filled from: the items themselves, their text, and how often each word occurs. */
export type Material = {
  items: readonly Json[];
  text: string;
  sentences: readonly string[];
  readable: number;
};

/** Reads context items once; the text is cut at 400,000 characters. */
export function readMaterial(items: readonly Json[]): Material {
  const texts = items.map((item) =>
    allText(isJsonObject(item) && typeof item["content"] === "string" ? item["content"] : item),
  );
  const text = texts.join("\n").slice(0, 400_000);
  return {
    items,
    text,
    sentences: splitSentences(text).slice(0, 4_000),
    readable: texts.filter((part) => contentWords(part).length > 0).length,
  };
}

type Filler = (material: Material) => Json;

const most =
  (count: number): Filler =>
  ({ text }) =>
    selectSentences(text, (chosen) => chosen.length < count).sentences;
const joined =
  (count: number): Filler =>
  ({ text }) =>
    selectSentences(text, (chosen) => chosen.length < count).sentences.join(" ");
const saying =
  (pattern: RegExp, count: number): Filler =>
  ({ sentences }) =>
    sentences.filter((sentence) => pattern.test(sentence)).slice(0, count);
const total: Filler = ({ items }) => items.length;
const readable: Filler = ({ readable: count }) => count;
const coverage: Filler = ({ items, readable: count }) =>
  items.length === 0 ? 0 : Math.round((count / items.length) * 100) / 100;

/** Fields that can be filled by quoting or counting, by name. First match wins. */
const FILLERS: readonly { name: RegExp; fill: Filler }[] = [
  { name: /human_readable|narrative|report|body/, fill: joined(10) },
  { name: /summary|abstract|overview|synopsis/, fill: joined(4) },
  { name: /key_points|highlights|main_points|findings/, fill: most(5) },
  { name: /insights|takeaways/, fill: most(3) },
  {
    name: /tensions|contradictions|conflicts/,
    fill: saying(/\b(?:but|however|although|despite|whereas|on the other hand)\b/i, 5),
  },
  {
    name: /uncertaint|unknowns|open_questions|gaps/,
    fill: saying(
      /\b(?:unclear|uncertain|unknown|may|might|could|not (?:yet|clear)|depends|\?)/i,
      5,
    ),
  },
  {
    name: /next_steps|actions|follow_?ups|recommendations/,
    fill: saying(/\b(?:should|must|need to|plan|next|recommend)\b/i, 5),
  },
  { name: /total_(?:items|input)|input_count|item_count/, fill: total },
  { name: /(?:processed|extracted|used)_(?:items|count)/, fill: readable },
  { name: /coverage_ratio|^coverage$/, fill: coverage },
  { name: /type_distribution/, fill: ({ items }) => countBy(items, "type") },
  { name: /language_distribution/, fill: ({ items }) => countBy(items, "language") },
  {
    name: /(?:normalized|cleaned)_items|^items$/,
    fill: ({ items }) =>
      items.map((item, index) =>
        isJsonObject(item)
          ? { type: "raw_text", ...item }
          : { id: `item-${index + 1}`, content: item, type: "raw_text" },
      ),
  },
  {
    name: /notes|rationale|explanation/,
    fill: ({ items, readable: count }) =>
      `Quoted and counted from ${count} of ${items.length} items; nothing was inferred.`,
  },
];

/**
 * Fills one field of a JSON Schema from the material: a field of that name inside an item is taken over; else a filler of its name; else,
 * for a map, its own properties; else an empty value of its type, and its path goes to `unfilled`.
 */
export function fillField(
  name: string,
  schema: JsonObject,
  material: Material,
  unfilled: string[],
  path: string,
): Json {
  const type =
    typeof schema["type"] === "string"
      ? schema["type"]
      : isJsonObject(schema["properties"])
        ? "object"
        : "string";
  const known = findNamed(material.items, name, type);
  if (known !== undefined) return known;
  const properties = schema["properties"];
  if (type === "object" && isJsonObject(properties)) {
    return Object.fromEntries(
      Object.entries(properties).map(([key, field]) => [
        key,
        fillField(key, isJsonObject(field) ? field : {}, material, unfilled, `${path}.${key}`),
      ]),
    );
  }
  const filled = FILLERS.find((filler) => filler.name.test(name))?.fill(material);
  if (filled !== undefined && typeOf(filled) === (type === "integer" ? "number" : type))
    return filled;
  unfilled.push(path);
  return emptyOf(type);
}

function findNamed(items: readonly Json[], name: string, type: string): Json | undefined {
  const values = items
    .filter(isJsonObject)
    .map((item) => item[name])
    .filter((value) => value !== undefined && value !== null);
  const fits = values.find((value) => typeOf(value) === (type === "integer" ? "number" : type));
  return values.length === 1 || items.length === 1 ? fits : undefined;
}

function countBy(items: readonly Json[], field: string): JsonObject {
  const counts: JsonObject = {};
  for (const item of items) {
    const value = isJsonObject(item) && typeof item[field] === "string" ? item[field] : "unknown";
    counts[value] = Number(counts[value] ?? 0) + 1;
  }
  return counts;
}

function typeOf(value: Json | undefined): string {
  return Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
}

function emptyOf(type: string): Json {
  if (type === "array") return [];
  if (type === "object") return {};
  if (type === "number" || type === "integer") return 0;
  return type === "boolean" ? false : "";
}
