import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { readHeader, readMedia, sayHeader } from "./read-media.ts";

/** Says what a video file is by its header. No decoder is bound: `frames` is empty and the result `partial`. */
export const extractFrames: Builtin = async (input, context) => {
  const media = await readMedia(new InputReader(input).text("video"), context);
  const header = media.kind === "bytes" ? readHeader(media.bytes) : null;
  return {
    frames: [],
    metadata:
      header === null
        ? { format: "unknown" }
        : { format: header.format, description: sayHeader(header) },
    status: "partial",
    rationale: "No video decoder is bound; no frame was taken.",
  };
};
