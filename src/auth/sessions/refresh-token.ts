import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * A refresh token: whose session it is, a secret that all tokens of the session share (its family), and a secret of
 * its own. The family's part proves of any older token that it once was ours, without a row being kept for each.
 *
 * The next token's secret is the HMAC of this one's under a random salt that is kept with the session. So whoever asks
 * twice with the same token (a lost answer, two tabs) can be given the same next token, and nobody can work it out
 * from a stolen token or from the database alone.
 */
export interface RefreshToken {
  readonly userId: string;
  readonly sessionId: string;
  readonly family: Buffer;
  readonly secret: Buffer;
}

const BYTES = { id: 16, family: 16, secret: 32 } as const;
const PREFIX = 'er_';
const LENGTH = PREFIX.length + Math.ceil(((BYTES.id * 2 + BYTES.family + BYTES.secret) * 4) / 3);

export const newRefreshToken = (userId: string, sessionId: string): RefreshToken => ({
  userId,
  sessionId,
  family: randomBytes(BYTES.family),
  secret: randomBytes(BYTES.secret),
});

export const newSalt = (): Buffer => randomBytes(BYTES.secret);

/** The token that follows `token`; the same one for the same salt. */
export const nextRefreshToken = (token: RefreshToken, salt: Buffer): RefreshToken => ({
  ...token,
  secret: createHmac('sha256', salt).update(token.secret).digest(),
});

export const refreshTokenText = ({ userId, sessionId, family, secret }: RefreshToken): string =>
  PREFIX + Buffer.concat([idBytes(userId), idBytes(sessionId), family, secret]).toString('base64url');

/** Null when the text is not of this form. */
export function parseRefreshToken(text: string): RefreshToken | null {
  if (text.length !== LENGTH || !text.startsWith(PREFIX)) return null;
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  const token = {
    userId: idText(bytes.subarray(0, 16)),
    sessionId: idText(bytes.subarray(16, 32)),
    family: bytes.subarray(32, 48),
    secret: bytes.subarray(48, 80),
  };
  // Base64 has several texts for the same bytes, and skips what it does not know.
  return bytes.length === 80 && refreshTokenText(token) === text ? token : null;
}

export const hashOf = (secret: Buffer | string): Buffer => createHash('sha256').update(secret).digest();

export const sameHash = (a: Buffer, b: Buffer | null): boolean =>
  b !== null && a.length === b.length && timingSafeEqual(a, b);

const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
const idText = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
