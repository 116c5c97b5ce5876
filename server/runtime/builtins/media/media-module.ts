import type { BuiltinModule } from "../builtin.ts";
import { diarizeSpeakers, synthesizeSpeech, transcribeAudio } from "./audio.ts";
import { captionImage, classifyImage, drawPlaceholder, extractImageText } from "./image.ts";
import { extractFrames } from "./video.ts";

/** Module `orca.media`: what file headers and texts beside media say. */
export const MEDIA_MODULE: BuiltinModule = {
  caption_image: captionImage,
  classify_image: classifyImage,
  diarize: diarizeSpeakers,
  draw_placeholder: drawPlaceholder,
  extract_frames: extractFrames,
  extract_image_text: extractImageText,
  synthesize_speech: synthesizeSpeech,
  transcribe: transcribeAudio,
};
