import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problem.js';
import { temporaryDirectory } from './temporary.js';

/** An uploaded file on disk, with the form's other fields. `remove` when done. */
export interface Spooled {
  readonly path: string;
  /** As its sender calls it, without folders; empty when they do not. */
  readonly fileName: string;
  readonly fields: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

const accepting = new WeakSet<FastifyInstance>();

/** From now on forms are taken. Once for an application, whoever asks for it. */
export function acceptForms(fastify: FastifyInstance): void {
  if (accepting.has(fastify)) return;
  accepting.add(fastify);
  // Not awaited: that would start Fastify before Nest has set its error handler, and a body that is no JSON would get
  // Fastify's own answer. It is loaded before the first request all the same.
  void fastify.register(multipart);
}

/**
 * Writes the form's one file to a temporary directory as it comes in.
 * @throws {400} validation_failed (no file, two files, a field given twice)
 * @throws {413} too_large
 * @throws {415} unsupported_media_type
 */
export async function spool(request: FastifyRequest, maxBytes: number): Promise<Spooled> {
  if (!request.isMultipart()) {
    throw new Problem(
      415,
      'unsupported_media_type',
      'Send the file as a form (multipart/form-data) in the field "file".',
    );
  }
  const directory = await temporaryDirectory();
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    return { ...(await receive(request, path.join(directory, 'file'), maxBytes)), remove };
  } catch (error) {
    await remove();
    throw asProblem(error, maxBytes);
  }
}

async function receive(request: FastifyRequest, target: string, maxBytes: number): Promise<Omit<Spooled, 'remove'>> {
  const fields: Record<string, string> = {};
  let fileName: string | null = null;
  for await (const part of request.parts({ limits: { fileSize: maxBytes, files: 1, fields: 20, fieldSize: 20_000 } })) {
    if (part.type === 'file') {
      if (part.fieldname !== 'file') throw invalid(part.fieldname, 'The file belongs in the field "file"');
      await pipeline(part.file, createWriteStream(target));
      if (part.file.truncated) throw tooLarge(maxBytes);
      fileName = path.basename(part.filename ?? '');
    } else {
      if (fields[part.fieldname] !== undefined) throw invalid(part.fieldname, `${part.fieldname} is given twice`);
      fields[part.fieldname] = String(part.value);
    }
  }
  if (fileName === null) throw invalid('file', 'The form has no file in the field "file"');
  return { path: target, fileName, fields };
}

const invalid = (field: string, message: string): Problem =>
  new Problem(400, 'validation_failed', `${message}.`, { errors: [{ path: field, message }] });

const tooLarge = (maxBytes: number): Problem =>
  new Problem(413, 'too_large', `The file is larger than ${Math.round(maxBytes / 1_048_576)} MB.`);

function asProblem(error: unknown, maxBytes: number): unknown {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge(maxBytes);
  if (code === 'FST_FILES_LIMIT') return invalid('file', 'One upload takes one file');
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET')
    return invalid('file', 'The upload ended before the file did');
  // What the form's parser says has no code: no boundary, a part's header that is none, an end too soon.
  if (/^(?:Multipart:|Malformed |Unexpected end of )/.test(message)) {
    return invalid('file', 'This is not a whole form (multipart/form-data with its boundary)');
  }
  return error;
}
