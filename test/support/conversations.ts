import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { RateLimits } from '../../src/auth/rate-limits.js';
import type { Actor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Cache } from '../../src/cache/cache.js';
import { MembersStore } from '../../src/cache/members.store.js';
import { Membership } from '../../src/cache/membership.js';
import { loadConfig } from '../../src/config/config.js';
import { Models } from '../../src/llm/models.service.js';
import { Conversation } from '../../src/conversations/conversation.entity.js';
import { BranchesStore } from '../../src/conversations/branches/branches.store.js';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import { ConversationsStore } from '../../src/conversations/conversations.store.js';
import { ErasureStore } from '../../src/conversations/erasure/erasure.store.js';
import { ScrubsService } from '../../src/conversations/erasure/scrubs.service.js';
import { ScrubsStore } from '../../src/conversations/erasure/scrubs.store.js';
import { Message } from '../../src/conversations/message.entity.js';
import { MessagesService } from '../../src/conversations/messages.service.js';
import { MessagesStore } from '../../src/conversations/messages.store.js';
import { Db } from '../../src/database/db.js';
import { CollectionsService } from '../../src/documents/collections/collections.service.js';
import { CollectionsStore } from '../../src/documents/collections/collections.store.js';
import { RemovalsService } from '../../src/documents/removals.service.js';
import { connectionOptions } from '../../src/database/options.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { Persona, PersonaVersion } from '../../src/personas/persona.entity.js';
import { PersonasService } from '../../src/personas/personas.service.js';
import { User } from '../../src/users/user.entity.js';
import { testDatabase } from './database.js';

export interface Bench {
  readonly db: Db;
  readonly personas: PersonasService;
  readonly conversations: ConversationsService;
  readonly messages: MessagesService;
  /** A new account. */
  owner(role?: Actor['role']): Promise<Actor>;
  close(): Promise<void>;
}

const ENTITIES: EntityTarget<ObjectLiteral>[] = [User, Persona, PersonaVersion, Conversation, Message];

/** Conversations and what they stand on, on a database of their own, without the rest of the application. */
export async function conversationsBench(): Promise<Bench> {
  const database = await testDatabase();
  const config = loadConfig({ RATE_LIMIT_PER_MINUTE: '0' });
  const options = connectionOptions(database.url, config.database);
  const limits = new RateLimits(config);
  const source = await new DataSource({
    ...options,
    entities: ENTITIES as (() => object)[],
    poolSize: 16,
  }).initialize();
  const db = new Db(source);
  const cache = new Cache(db, new Membership(new MembersStore(db), config), new Metrics(), config);
  const personas = new PersonasService(db, await Models.open(config.llm), cache);
  const removals = new RemovalsService();
  const collections = new CollectionsService(db, new CollectionsStore(db), removals);
  const erasures = new ErasureStore(db);
  const conversations = new ConversationsService(
    db,
    new ConversationsStore(db),
    erasures,
    new ScrubsService(removals, new ScrubsStore(db), erasures),
    personas,
    collections,
    limits,
  );
  return {
    db,
    personas,
    conversations,
    messages: new MessagesService(db, new MessagesStore(db), new BranchesStore(db), conversations, limits),
    async owner(role = 'user') {
      const actor = { id: newId(), email: `${newId()}@example.com`, role };
      await db.query(`INSERT INTO users (id, email, password_hash, role) VALUES ($1, $2, '', $3)`, [
        actor.id,
        actor.email,
        role,
      ]);
      return actor;
    },
    async close() {
      await source.destroy();
      await database.drop();
    },
  };
}
