import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { dataDirectory, keptSecret } from '../../config/data-directory.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts what has to be known again: AES-256-GCM (NIST SP 800-38D), the key worked out of the setting by HKDF (RFC 5869). */
@Injectable()
export class SecretBox {
  private made: Buffer | null = null;

  constructor(private readonly config: Config) {}

  /** `owner` is what it belongs to: elsewhere it cannot be opened. */
  seal(secret: string, owner: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** null: it was sealed with another key, or for another owner. */
  open(sealed: string, owner: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const opened = [decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
      return Buffer.concat(opened).toString('utf8');
    } catch {
      return null;
    }
  }

  /** Only who has a secret needs one. */
  private get key(): Buffer {
    if (this.made === null) {
      const secret = this.config.sources.secretsKey ?? keptSecret(dataDirectory(this.config), 'secrets-key');
      this.made = Buffer.from(hkdfSync('sha256', secret, '', 'external sources', 32));
    }
    return this.made;
  }
}
