import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { CONTENT_TYPES, type ReportFormat } from './format.js';

export interface RequestedFile {
  readonly format: ReportFormat;
  readonly title: string;
  readonly digest: string;
  readonly content: Buffer;
  /** Of `If-None-Match`. */
  readonly known: string | undefined;
  readonly download?: boolean | undefined;
}

/** The file, or 304 to whoever has it already. Its owner's alone: no cache between may keep it. */
export async function sendFile(
  reply: FastifyReply,
  { format, title, digest, content, known, download = false }: RequestedFile,
): Promise<void> {
  const etag = `"${digest}"`;
  void reply.headers({ etag, 'cache-control': 'private, no-cache' });
  if ((known ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)) {
    await reply.code(304).send();
    return;
  }
  if (format === 'html') void reply.header('content-security-policy', pagePolicy(content.toString('utf8')));
  await reply
    .headers({
      'content-type': CONTENT_TYPES[format],
      'content-disposition': disposition(download ? 'attachment' : 'inline', `${title}.${format}`),
    })
    .send(content);
}

/** Nothing runs, nothing is loaded but pictures that are in the page; of styles only its own. */
export function pagePolicy(html: string): string {
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox`;
}

/** RFC 6266: a plain name for old clients, and the whole one. */
export function disposition(how: 'inline' | 'attachment', name: string): string {
  const clean = name.replaceAll(/[\p{C}/\\:*?"<>|]+/gu, ' ').trim();
  const plain = clean
    .normalize('NFKD')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .replaceAll('%', ' ');
  const encoded = encodeURIComponent(clean.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${how}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
