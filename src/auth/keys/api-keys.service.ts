import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { newId } from '../../common/ids.js';
import { decodeCursor, type Page, toPage } from '../../common/page.js';
import { notFound, Problem } from '../../common/problem.js';
import { Credentials } from '../credentials.js';
import { hashOf } from '../sessions/refresh-token.js';
import { keyText, newKey } from './api-key.js';
import { ApiKeyView, type CreateApiKey, type NewApiKeyView } from './api-key.dto.js';
import { ApiKeysStore } from './api-keys.store.js';

const MOST_KEYS = 100;

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly store: ApiKeysStore,
    private readonly credentials: Credentials,
  ) {}

  async page(actor: Actor, { limit = 20, cursor }: { limit?: number; cursor?: string }): Promise<Page<ApiKeyView>> {
    const before = cursor === undefined ? null : String(decodeCursor(cursor, ['uuid'])[0]);
    const rows = await this.store.page(actor.id, limit + 1, before);
    return toPage(
      rows,
      limit,
      (key) => [key.id],
      (key) => ApiKeyView.of(key),
    );
  }

  /**
   * @throws {400} validation_failed, when it would have expired already
   * @throws {409} too_many_keys
   */
  async create(actor: Actor, { name, expiresAt = null }: CreateApiKey): Promise<NewApiKeyView> {
    if (expiresAt !== null && expiresAt.getTime() <= Date.now()) {
      throw new Problem(400, 'validation_failed', 'expiresAt must be in the future.', {
        errors: [{ path: 'expiresAt', message: 'expiresAt must be in the future' }],
      });
    }
    const parts = newKey();
    const key = { id: newId(), name, prefix: parts.prefix, secretHash: hashOf(parts.secret), expiresAt };
    const made = await this.store.insert(actor.id, key, MOST_KEYS);
    if (made === null) {
      throw new Problem(409, 'too_many_keys', `You have ${MOST_KEYS} API keys; revoke one first.`);
    }
    return { ...ApiKeyView.of(made), key: keyText(parts) };
  }

  /** @throws {404} api_key_not_found */
  async revoke(actor: Actor, id: string): Promise<void> {
    if (!(await this.store.delete(actor.id, id))) throw notFound('api key', id);
    this.credentials.forget(actor.id);
  }
}
