import path from "node:path";
import type { Builtin } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";
import { readSandboxFile } from "../fs/sandbox-files.ts";
import { InputReader } from "../input-reader.ts";
import { readHeader, readMedia, sayHeader } from "./read-media.ts";

/**
 * The transcript of `audio` where there is one: the `.txt`, `.vtt` or `.srt` file beside a sandbox file, or `audio` itself where it is text.
 * No speech recognition is bound: bytes without such a file give a bracketed note with format and length, and the result is `partial`.
 */
export const transcribeAudio: Builtin = async (input, context) => {
  const media = await readMedia(new InputReader(input).text("audio"), context);
  if (media.kind === "text")
    return {
      transcript: media.text,
      status: "partial",
      rationale: "The input was text already and was taken as the transcript.",
    };
  const beside = media.path === null ? null : await findTranscript(media.path, context);
  if (beside !== null)
    return { transcript: beside.text, status: "ok", rationale: `Taken from ${beside.name}.` };
  const header = readHeader(media.bytes);
  const what =
    header === null ? `${media.bytes.length} bytes of an unknown format` : sayHeader(header);
  return {
    transcript: `[Not transcribed: ${what}.]`,
    status: "partial",
    rationale: "No speech recognition is bound; only the header was read.",
  };
};

/** Speakers of a text transcript (`Name: words`), one segment per turn. Recorded sound is not told apart: one unknown speaker, `partial`. */
export const diarizeSpeakers: Builtin = async (input, context) => {
  const media = await readMedia(new InputReader(input).text("audio"), context);
  if (media.kind === "bytes") {
    const seconds = readHeader(media.bytes)?.seconds ?? 0;
    return {
      segments: [{ speaker: "unknown", start: 0, end: seconds, text: "" }],
      speaker_count: 1,
      status: "partial",
      rationale: "Speakers in recorded sound are not told apart; no such engine is bound.",
    };
  }
  const turns = media.text.split("\n").flatMap((line) => {
    const match = /^\s{0,8}([\p{L}\p{N}][\p{L}\p{N} .'-]{0,40}):\s{1,4}(\S.{0,4000})$/u.exec(line);
    return match?.[1] === undefined || match[2] === undefined
      ? []
      : [{ speaker: match[1], text: match[2], start: null, end: null }];
  });
  return {
    segments: turns,
    speaker_count: new Set(turns.map((turn) => turn.speaker)).size,
    status: turns.length === 0 ? "partial" : "ok",
    rationale: "Read from the names in the transcript.",
  };
};

/** Says that speech cannot be made: no voice engine is bound. `audio.data` is empty and `metadata` holds an estimate of the length (150 words a minute). */
export const synthesizeSpeech: Builtin = (input) => {
  const given = new InputReader(input);
  const words = given.text("text").split(/\s/).filter(Boolean).length;
  return {
    audio: { data: "", format: "none" },
    metadata: {
      voice: given.text("voice", "none"),
      language: given.text("language", "und"),
      estimated_seconds: Math.round((words / 150) * 600) / 10,
      is_synthesized: false,
    },
    status: "partial",
    rationale: "No voice engine is bound; nothing was synthesised.",
  };
};

async function findTranscript(
  audioPath: string,
  context: BuiltinContext,
): Promise<{ name: string; text: string } | null> {
  const stem = audioPath.slice(0, audioPath.length - path.extname(audioPath).length);
  for (const extension of [".txt", ".vtt", ".srt"]) {
    const bytes = await readSandboxFile(context, `${stem}${extension}`).catch(() => null);
    if (bytes !== null)
      return { name: `${stem}${extension}`, text: withoutCues(bytes.toString("utf8")) };
  }
  return null;
}

function withoutCues(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^(?:WEBVTT|\d{1,6}\s{0,4}$)|-->/.test(line))
    .join("\n")
    .trim();
}
