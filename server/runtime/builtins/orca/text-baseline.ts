import type { BuiltinModule } from "../builtin.ts";
import { analyzeSentiment } from "../text/analyze-sentiment.ts";
import { answerQuestion } from "../text/answer-question.ts";
import { classifyText } from "../text/classify-text.ts";
import { compareTexts } from "../text/compare-texts.ts";
import { detectLanguage } from "../text/detect-language.ts";
import { embedText } from "../text/embed-text.ts";
import { extractContent } from "../text/extract-content.ts";
import { extractEntities } from "../text/extract-entities.ts";
import { extractKeywords } from "../text/extract-keywords.ts";
import { generateText } from "../text/generate-text.ts";
import { mergeTexts } from "../text/merge-texts.ts";
import { renderTemplate } from "../text/render-template.ts";
import { summarizeText } from "../text/summarize-text.ts";
import { transformText } from "../text/transform-text.ts";
import { translateText } from "../text/translate-text.ts";
import { renameInput } from "./rename-input.ts";

/** `official_services.text_baseline` of the ORCA registry. */
export const TEXT_BASELINE: BuiltinModule = {
  analyze_sentiment: analyzeSentiment,
  answer_question: answerQuestion,
  classify_text: renameInput(classifyText, { labels: "categories" }),
  compare_texts: compareTexts,
  detect_language: detectLanguage,
  embed_text: embedText,
  extract_entities: extractEntities,
  extract_keywords: extractKeywords,
  extract_text: renameInput(extractContent, { text: "document" }),
  generate_text: generateText,
  merge_texts: mergeTexts,
  rewrite_text: transformText,
  summarize_text: summarizeText,
  template_text: renderTemplate,
  translate_text: translateText,
};
