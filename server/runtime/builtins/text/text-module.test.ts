import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { JsonObject } from "../../../../core/json.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { isMarkup, stripMarkup } from "./strip-markup.ts";
import { TEXT_MODULE } from "./text-module.ts";
import { asText } from "../as-text.ts";

async function call(name: string, input: JsonObject): Promise<JsonObject> {
  const builtin = TEXT_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, makeBuiltinContext());
}

describe("summarize", () => {
  const text =
    "Rain fell on the harbour. The harbour flooded. Boats in the harbour sank. A cat slept.";

  test("keeps whole sentences in their order", async () => {
    const { summary } = await call("summarize", { text });
    expect(summary).toBe("Rain fell on the harbour. The harbour flooded. A cat slept.");
  });

  test("never gives more words than max_length, and says so where no sentence fits", async () => {
    expect(await call("summarize", { text, max_length: 2 })).toMatchObject({
      summary: "Rain fell",
      status: "partial",
    });
    await fc.assert(
      fc.asyncProperty(
        fc.lorem({ maxCount: 12, mode: "sentences" }),
        fc.integer({ min: 1, max: 40 }),
        async (lorem, limit) => {
          const { summary } = await call("summarize", { text: lorem, max_length: limit });
          expect(asText(summary).split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("gives an empty summary of an empty text", async () => {
    expect(await call("summarize", { text: "" })).toMatchObject({ summary: "", status: "ok" });
  });
});

test("condense gets shorter with every round, down to one sentence", async () => {
  let text = "One cat sleeps. Two dogs bark. Three birds sing. Four fish swim.";
  const counts: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const { summary, word_count: count } = await call("condense", { text, keep_share: 0.6 });
    text = asText(summary);
    counts.push(Number(count));
  }
  expect(counts).toEqual([6, 3, 3, 3]);
});

test("extract_keywords ranks the phrase that returns first", async () => {
  const { keywords } = await call("extract_keywords", {
    text: "Heat pumps save energy. Heat pumps need power. Gas is dear.",
  });
  expect(Array.isArray(keywords) && keywords[0]).toBe("heat pumps");
});

test.each([
  ["Hola mundo, esto es una prueba en español", "es"],
  ["Die Energiewende erfordert massive Investitionen in erneuerbare Energien.", "de"],
  ["Dit is een korte tekst in het Nederlands.", "nl"],
  ["Это короткий текст на русском языке.", "ru"],
  ["Le marché européen montre des signes de reprise après la crise.", "fr"],
  ["", "und"],
])("detect_language reads %j as %s", async (text, language) => {
  expect((await call("detect_language", { text })).language).toBe(language);
});

describe("classify", () => {
  test("chooses by shared words, and by the topic lexicon for known names", async () => {
    const text = "The stock market crashed after the Federal Reserve raised interest rates.";
    expect(await call("classify", { text, labels: ["sports", "finance"] })).toMatchObject({
      label: "finance",
      status: "ok",
    });
  });

  test("guesses with confidence 0 where nothing is shared, and prefers a label called other", async () => {
    expect(await call("classify", { text: "zzz", labels: ["a1", "other"] })).toMatchObject({
      label: "other",
      confidence: 0,
      status: "partial",
    });
  });

  test("refuses an empty list of labels", async () => {
    await expect(call("classify", { text: "x", labels: [] })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });
});

test("analyze_sentiment turns a negated word round", async () => {
  expect((await call("analyze_sentiment", { text: "This is good." })).sentiment).toBe("positive");
  expect((await call("analyze_sentiment", { text: "This is not good." })).sentiment).toBe(
    "negative",
  );
  expect(await call("analyze_sentiment", { text: "The table has four legs." })).toMatchObject({
    sentiment: "neutral",
    score: 0,
    status: "partial",
  });
});

test("extract_entities finds each kind once, in order", async () => {
  const { entities } = await call("extract_entities", {
    text: "Elon Musk paid $44 billion on 27 October 2022. Write to press@x.example or see https://x.example/a.",
  });
  expect(entities).toMatchObject([
    { text: "Elon Musk", type: "NAME" },
    { text: "$44 billion", type: "MONEY" },
    { type: "DATE" },
    { text: "press@x.example", type: "EMAIL" },
    { text: "https://x.example/a", type: "URL" },
  ]);
});

test("embed gives the same unit vector for the same text, and nearer ones for nearer wording", async () => {
  const vector = async (text: string) => {
    const { embedding } = await call("embed", { text, dimensions: 64 });
    return Array.isArray(embedding) ? embedding.map(Number) : [];
  };
  const [a, same, near, far] = [
    await vector("red apple pie"),
    await vector("red apple pie"),
    await vector("red apple cake"),
    await vector("tax law"),
  ];
  const dot = (other: number[]) =>
    a.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
  expect(a).toEqual(same);
  expect(Math.hypot(...a)).toBeCloseTo(1, 4);
  expect(dot(near)).toBeGreaterThan(dot(far));
});

test("compare says what only one text has", async () => {
  expect(await call("compare", { text_a: "Same. Old.", text_b: "Same. New." })).toMatchObject({
    differences: [
      { kind: "only_in_a", text: "Old." },
      { kind: "only_in_b", text: "New." },
    ],
  });
  expect(await call("compare", { text_a: "Same.", text_b: "Same." })).toMatchObject({
    similarity: 1,
    differences: [],
  });
});

test("merge leaves out nulls, takes bodies of objects, and writes records as lines", async () => {
  expect(
    await call("merge", { items: [null, "a", { title: "T", content: "b" }, { score: 3 }] }),
  ).toMatchObject({ text: "a\n\nb\n\nscore: 3", item_count: 3 });
  expect(
    await call("merge", { items: [{ title: "T", content: "b" }], include_headers: true }),
  ).toMatchObject({ text: "## T\nb" });
});

describe("templates", () => {
  test("fill paths and refuse names without a value, all at once", async () => {
    expect(
      (
        await call("render_template", {
          template: "{{a}} {{b.0.c}}",
          variables: { a: 1, b: [{ c: "x" }] },
        })
      ).text,
    ).toBe("1 x");
    await expect(
      call("render_template", { template: "{{a}} {{b}} {{a}}", variables: {} }),
    ).rejects.toMatchObject({ code: "invalid_request", details: { missing: ["a", "b"] } });
  });

  test("never read what only a prototype has", async () => {
    await expect(
      call("render_template", {
        template: "{{constructor}} {{a.__proto__}}",
        variables: { a: {} },
      }),
    ).rejects.toMatchObject({ details: { missing: ["constructor", "a.__proto__"] } });
  });

  test("for prompts leave unknown names in place", async () => {
    expect(await call("render_prompt", { template: "Hi {{name}}", variables: {} })).toMatchObject({
      prompt: "Hi {{name}}",
      unresolved: ["name"],
      status: "partial",
    });
  });
});

describe("chunk", () => {
  test("loses nothing and keeps to the size, whatever the text", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ maxLength: 400, unit: "grapheme" }),
        fc.integer({ min: 20, max: 90 }),
        fc.integer({ min: 0, max: 9 }),
        async (text, size, overlap) => {
          const { chunks } = await call("chunk", { text, chunk_size: size, overlap });
          const pieces = z.array(z.object({ text: z.string() })).parse(chunks);
          expect(pieces.every((piece) => piece.text.length <= size)).toBe(true);
          const joined = pieces
            .map((piece, index) => piece.text.slice(index === 0 ? 0 : overlap))
            .join("");
          expect(joined).toBe(text);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("refuses an overlap of half the size", async () => {
    await expect(call("chunk", { text: "abc", chunk_size: 20, overlap: 10 })).rejects.toMatchObject(
      { code: "invalid_request" },
    );
  });
});

test("answer_question quotes the context or says nothing", async () => {
  const context = "The shop opens at nine. The shop is in Graz.";
  expect(
    (await call("answer_question", { question: "Where is the shop? In Graz?", context })).answer,
  ).toBe("The shop is in Graz.");
  expect(await call("answer_question", { question: "Who wrote Hamlet?", context })).toMatchObject({
    answer: "",
    status: "partial",
  });
});

test("extract_content strips markup, scripts and references", async () => {
  const text =
    "<html><body><h1>A &amp; B</h1><script>alert('x')</script><p>C<br>D</p></body></html>";
  expect((await call("extract_content", { text })).text).toBe("A & B\n\nC\nD");
  expect((await call("extract_content", { text: "1 < 2 and 3 > 2" })).text).toBe("1 < 2 and 3 > 2");
});

test("markup of any kind is read to its end in one pass", () => {
  fc.assert(
    fc.property(
      fc.string({
        maxLength: 300,
        unit: fc.constantFrom("<", ">", "p", "/", "!", "-", "&", ";", "script", " ", "a"),
      }),
      (html) => {
        expect(typeof stripMarkup(html).text).toBe("string");
        expect(typeof isMarkup(html)).toBe("boolean");
      },
    ),
  );
  const hostile = "<script".repeat(20_000) + "<!--".repeat(20_000);
  const started = performance.now();
  stripMarkup(hostile);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test("transform knows some directives and says so where it does not", async () => {
  expect((await call("transform", { text: "One. Two.", goal: "as bullets" })).text).toBe(
    "- One.\n- Two.",
  );
  expect(await call("transform", { text: "One.", goal: "make it sound friendlier" })).toMatchObject(
    { text: "One.", status: "partial" },
  );
});

test("translate never pretends", async () => {
  expect(
    await call("translate", { text: "Hello world, this is a test.", target_language: "es" }),
  ).toMatchObject({
    translation: "Hello world, this is a test.",
    is_translated: false,
    status: "partial",
  });
  expect(
    await call("translate", { text: "Hola mundo, esto es una prueba", target_language: "es" }),
  ).toMatchObject({ status: "ok", warnings: [] });
});

test("generate only quotes", async () => {
  expect(
    await call("generate", {
      instruction: "Write about cats",
      context: "Dogs bark. Cats purr.",
      max_length: 2,
    }),
  ).toMatchObject({ text: "Cats purr.", status: "partial" });
  expect(await call("generate", { instruction: "Write about cats" })).toMatchObject({
    text: "",
    status: "partial",
  });
});

test("a missing or wrong field is refused by name", async () => {
  await expect(call("summarize", {})).rejects.toMatchObject({
    code: "invalid_request",
    message: 'Input "text" is missing; it takes a text.',
  });
  await expect(call("summarize", { text: 3 })).rejects.toMatchObject({
    message: 'Input "text" takes a text.',
  });
});
