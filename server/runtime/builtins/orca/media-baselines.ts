import type { BuiltinModule } from "../builtin.ts";
import { diarizeSpeakers, synthesizeSpeech, transcribeAudio } from "../media/audio.ts";
import { captionImage, classifyImage, drawPlaceholder, extractImageText } from "../media/image.ts";
import { extractFrames } from "../media/video.ts";
import { retrieveValue, storeRecord, storeValue } from "../memory/store-record.ts";
import { searchRecords } from "../memory/search-records.ts";
import { renameInput } from "./rename-input.ts";

/** `official_services.audio_baseline` of the ORCA registry. */
export const AUDIO_BASELINE: BuiltinModule = {
  diarize_speakers: diarizeSpeakers,
  synthesize_speech: synthesizeSpeech,
  transcribe_audio: renameInput(transcribeAudio, { audio: "audio_data" }),
};

/** `official_services.image_baseline` of the ORCA registry. */
export const IMAGE_BASELINE: BuiltinModule = {
  classify_image: renameInput(classifyImage, { image: "image_data" }),
  extract_text: renameInput(extractImageText, { image: "image_data" }),
  generate_caption: renameInput(captionImage, { image: "image_data" }),
  generate_image: drawPlaceholder,
};

/** `official_services.video_baseline` of the ORCA registry. */
export const VIDEO_BASELINE: BuiltinModule = {
  extract_frames: renameInput(extractFrames, { video: "video_data" }),
};

/** `official_services.memory_baseline` of the ORCA registry. */
export const MEMORY_BASELINE: BuiltinModule = {
  retrieve_memory: retrieveValue,
  store_memory: storeValue,
  store_record: storeRecord,
  vector_search: searchRecords,
};
