import type { BuiltinModule } from "../builtin.ts";
import { readPdf } from "./read-pdf.ts";

/** Module `orca.pdf`: text of PDF files. */
export const PDF_MODULE: BuiltinModule = { read: readPdf };
