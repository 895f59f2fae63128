/** Why a file gives no text, by code; each sentence says what to do. */
const REASONS = {
  file_empty: 'The file is empty.',
  unsupported_type: 'Documents are PDF, Word (.docx), HTML, Markdown or plain text; save the file as one of these.',
  old_word: 'This is an old Word file (.doc); save it as .docx or PDF.',
  encrypted: 'The file is protected by a password; save it without one and upload it again.',
  damaged: 'The file is damaged or incomplete; open it in its own program, save it anew and upload that.',
  no_text: 'The file holds no text, perhaps only pictures of it; run text recognition (OCR) on it first.',
  too_many_pages: 'The document has too many pages; split it.',
  too_large_unpacked: 'The file unpacks to more than can be read; split it.',
  text_too_long: 'The document holds more text than can be read; split it.',
  too_complex: 'The document is built too intricately to be read; save it in a simpler format, such as plain text.',
  took_too_long: 'Reading the document took too long; split it, or save it in a simpler format.',
  out_of_memory: 'Reading the document took too much memory; split it, or save it in a simpler format.',
  reading_failed: 'The document could not be read; save it in another format and upload that.',
} as const;

export type UnreadableCode = keyof typeof REASONS;

/** The file's own fault; its message may be shown to whoever uploaded it. */
export class Unreadable extends Error {
  constructor(
    readonly code: UnreadableCode,
    message: string = REASONS[code],
  ) {
    super(message);
    this.name = 'Unreadable';
  }
}
