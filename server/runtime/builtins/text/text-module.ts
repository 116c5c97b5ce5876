import type { BuiltinModule } from "../builtin.ts";
import { analyzeSentiment } from "./analyze-sentiment.ts";
import { answerQuestion } from "./answer-question.ts";
import { chunkText } from "./chunk-text.ts";
import { classifyText } from "./classify-text.ts";
import { compareTexts } from "./compare-texts.ts";
import { condenseText } from "./condense-text.ts";
import { detectLanguage } from "./detect-language.ts";
import { embedText } from "./embed-text.ts";
import { extractContent } from "./extract-content.ts";
import { extractEntities } from "./extract-entities.ts";
import { extractKeywords } from "./extract-keywords.ts";
import { generateText } from "./generate-text.ts";
import { mergeTexts } from "./merge-texts.ts";
import { renderPrompt, renderTemplate } from "./render-template.ts";
import { summarizeText } from "./summarize-text.ts";
import { transformText } from "./transform-text.ts";
import { translateText } from "./translate-text.ts";

/** Module `orca.text`: work on plain text. */
export const TEXT_MODULE: BuiltinModule = {
  analyze_sentiment: analyzeSentiment,
  answer_question: answerQuestion,
  chunk: chunkText,
  classify: classifyText,
  compare: compareTexts,
  condense: condenseText,
  detect_language: detectLanguage,
  embed: embedText,
  extract_content: extractContent,
  extract_entities: extractEntities,
  extract_keywords: extractKeywords,
  generate: generateText,
  merge: mergeTexts,
  render_prompt: renderPrompt,
  render_template: renderTemplate,
  summarize: summarizeText,
  transform: transformText,
  translate: translateText,
};
