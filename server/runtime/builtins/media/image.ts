import path from "node:path";
import { DomainError } from "../../../../core/errors.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { classifyText } from "../text/classify-text.ts";
import { readHeader, readMedia, sayHeader } from "./read-media.ts";

const NOT_SEEN = "No image model is bound; what the picture shows was not looked at.";

/** Describes an image by its file: name, format, size. A text given instead of an image is taken as its caption. Always `partial`. */
export const captionImage: Builtin = async (input, context) => {
  const media = await readMedia(new InputReader(input).text("image"), context);
  if (media.kind === "text")
    return {
      caption: media.text,
      status: "partial",
      rationale: "The input was text and was taken as the caption.",
    };
  const header = readHeader(media.bytes);
  const what =
    header === null ? `${media.bytes.length} bytes of an unknown format` : sayHeader(header);
  return {
    caption: `${media.path === null ? "Image" : nameOf(media.path)} (${what})`,
    status: "partial",
    rationale: NOT_SEEN,
  };
};

/** Chooses a label by the words of the image's file name or of a text given instead; without labels, landscape, portrait or square. Always `partial`. */
export const classifyImage: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const media = await readMedia(given.text("image"), context);
  const labels = given.list("labels", []);
  const words = media.kind === "text" ? media.text : media.path === null ? "" : nameOf(media.path);
  if (labels.length > 0 || media.kind === "text") {
    const result = await classifyText(
      { text: words, ...(labels.length > 0 ? { labels } : {}) },
      context,
    );
    return {
      label: result["label"] ?? "",
      confidence: result["confidence"] ?? 0,
      status: "partial",
      rationale: `Chosen by words. ${NOT_SEEN}`,
    };
  }
  const header = readHeader(media.bytes);
  const [width, height] = [header?.width ?? 0, header?.height ?? 0];
  const label =
    width === 0
      ? "unknown"
      : width === height
        ? "square"
        : width > height
          ? "landscape"
          : "portrait";
  return {
    label,
    confidence: label === "unknown" ? 0 : 1,
    status: "partial",
    rationale: `Chosen by the shape of the picture. ${NOT_SEEN}`,
  };
};

/** The text chunks that a PNG carries (tEXt). Letters in the picture are not read: no text recognition is bound. Always `partial`. */
export const extractImageText: Builtin = async (input, context) => {
  const media = await readMedia(new InputReader(input).text("image"), context);
  const text = media.kind === "text" ? media.text : pngTexts(media.bytes).join("\n");
  return {
    text,
    confidence: 0,
    regions: [],
    status: "partial",
    rationale: "Only text stored in the file was read; no text recognition is bound.",
  };
};

/** Draws a placeholder: an SVG (data URL) of the asked `size` with the prompt written on it. It says itself that it is one. Always `partial`. */
export const drawPlaceholder: Builtin = (input) => {
  const given = new InputReader(input);
  const prompt = given.text("prompt").slice(0, 200);
  const match = /^(\d{1,4})x(\d{1,4})$/.exec(given.text("size", "512x512"));
  if (match === null)
    throw new DomainError("invalid_request", "A size is written as 512x512.", {
      details: { field: "size" },
    });
  const [width, height] = [Number(match[1]), Number(match[2])];
  const label = prompt.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#ddd"/><text x="8" y="24" font-family="sans-serif" font-size="14">Placeholder: ${label}</text></svg>`;
  return {
    image: `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`,
    format: "svg",
    status: "partial",
    rationale: "A placeholder was drawn; no image model is bound.",
  };
};

function nameOf(file: string): string {
  return path.basename(file, path.extname(file)).replaceAll(/[_-]/g, " ");
}

function pngTexts(bytes: Buffer): string[] {
  const found: string[] = [];
  if (readHeader(bytes)?.format !== "png") return found;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) === "tEXt")
      found.push(
        bytes
          .toString("latin1", at + 8, Math.min(bytes.length, at + 8 + length))
          .split("\0")
          .slice(1)
          .join(""),
      );
    at += 12 + length;
  }
  return found;
}
