import { randomBytes } from 'node:crypto';

const FORM = /^ek_([0-9A-Za-z]{8})_([\w-]{43})$/;

export interface KeyParts {
  /** Shown in lists. */
  readonly prefix: string;
  /** 256 random bits, so a plain SHA-256 of it is safe to keep. */
  readonly secret: string;
}

export function newKey(): KeyParts {
  return {
    prefix: randomBytes(6).toString('base64url').replaceAll(/[-_]/g, '0'),
    secret: randomBytes(32).toString('base64url'),
  };
}

export const keyText = ({ prefix, secret }: KeyParts): string => `ek_${prefix}_${secret}`;

/** Null when the text is not of the form `ek_<prefix>_<secret>`. */
export function parseKey(text: string): KeyParts | null {
  const [, prefix, secret] = FORM.exec(text) ?? [];
  return prefix === undefined || secret === undefined ? null : { prefix, secret };
}
