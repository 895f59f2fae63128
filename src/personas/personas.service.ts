import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Cache, type Shelf } from '../cache/cache.js';
import type { Actor } from '../common/actor.js';
import { requireVersion } from '../common/etag.js';
import { isUuid, newId } from '../common/ids.js';
import { notFound, Problem } from '../common/problem.js';
import { Db } from '../database/db.js';
import { Models } from '../llm/models.service.js';
import { Persona, type PersonaContent, PersonaVersion } from './persona.entity.js';

export const DEFAULT_PERSONA = 'transformation_analyst';

const CONTENT = [
  'name',
  'displayName',
  'description',
  'systemPrompt',
  'color',
  'icon',
  'isActive',
  'defaultDatasetIds',
  'collectionIds',
  'starterQuestions',
  'model',
  'temperature',
  'reportTemplate',
] as const satisfies readonly (keyof PersonaContent)[];

const ALL = `
  SELECT id, name, display_name AS "displayName", description, system_prompt AS "systemPrompt", color, icon,
    is_active AS "isActive", default_dataset_ids AS "defaultDatasetIds", collection_ids AS "collectionIds",
    starter_questions AS "starterQuestions", model, temperature, report_template AS "reportTemplate", version,
    created_at AS "createdAt", updated_at AS "updatedAt"
  FROM personas`;

export type NewPersona = Pick<PersonaContent, 'name' | 'displayName' | 'systemPrompt' | 'color' | 'icon'> &
  Partial<PersonaContent>;

@Injectable()
export class PersonasService {
  /** Every turn reads its persona. */
  private known: { readonly shelf: Shelf; readonly all: readonly Persona[] } | null = null;

  constructor(
    private readonly db: Db,
    private readonly models: Models,
    private readonly cache: Cache,
  ) {}

  /**
   * The persona to talk to, by id or name.
   * @throws {404} persona_not_found
   * @throws {409} persona_inactive
   */
  async active(nameOrId?: string): Promise<Persona> {
    if (nameOrId === undefined) return this.usual();
    const persona = await this.find(nameOrId);
    if (persona.isActive) return persona;
    throw new Problem(409, 'persona_inactive', `The persona ${persona.name} is not active; choose another one.`);
  }

  /** Who answers when nobody was named: the default persona, or, where admins renamed or closed it, the first active one. */
  private async usual(): Promise<Persona> {
    const open = (await this.all()).filter(({ isActive }) => isActive);
    const persona = open.find(({ name }) => name === DEFAULT_PERSONA) ?? open[0];
    if (persona !== undefined) return persona;
    throw new Problem(409, 'persona_inactive', 'No persona is active; an administrator has to activate one.');
  }

  /** By id or name, active or not. @throws {404} persona_not_found */
  async find(nameOrId: string = DEFAULT_PERSONA): Promise<Persona> {
    const key = nameOrId.toLowerCase();
    const persona = (await this.all()).find(({ id, name }) => id === key || name === nameOrId);
    if (persona === undefined) throw notFound('persona', nameOrId);
    return persona;
  }

  /** @throws {404} persona_not_found */
  byId(id: string): Promise<Persona> {
    return this.find(id);
  }

  /** What `actor` may choose from, by name; up to `limit + 1` after `after`. */
  async list(actor: Actor, includeInactive: boolean, limit: number, after = ''): Promise<Persona[]> {
    const withInactive = includeInactive && actor.role === 'admin';
    return (await this.all())
      .filter(({ name, isActive }) => name > after && (isActive || withInactive))
      .slice(0, limit + 1);
  }

  /** One that `actor` may see: users see active ones. @throws {404} persona_not_found */
  async visible(actor: Actor, nameOrId: string): Promise<Persona> {
    const persona = await this.find(nameOrId);
    if (!persona.isActive && actor.role !== 'admin') throw notFound('persona', nameOrId);
    return persona;
  }

  /**
   * @throws {404} collection_not_found
   * @throws {409} persona_name_taken
   * @throws {422} model_unknown
   */
  async create(actor: Actor, asked: NewPersona): Promise<Persona> {
    const now = new Date();
    const { description = '', isActive = true, model = null, temperature = null, reportTemplate = {} } = asked;
    const { defaultDatasetIds = [], collectionIds = [], starterQuestions = [] } = asked;
    this.models.get(model);
    await this.readable(actor, collectionIds);
    const lists = { defaultDatasetIds, collectionIds, starterQuestions };
    const content = { ...asked, description, isActive, ...lists, model, temperature, reportTemplate };
    const persona: Persona = { ...content, id: newId(), version: 1, createdAt: now, updatedAt: now };
    return this.changing(persona.name, async () => {
      await this.db.manager.insert(Persona, persona);
      await this.keepVersion(actor, persona);
      return persona;
    });
  }

  /**
   * Changes what `change` names; a change of nothing is no new version.
   * @throws {404} persona_not_found · collection_not_found
   * @throws {409} persona_name_taken
   * @throws {412} version_mismatch
   * @throws {422} model_unknown
   */
  async edit(
    actor: Actor,
    nameOrId: string,
    change: Partial<PersonaContent>,
    accepted: readonly number[] | null,
  ): Promise<Persona> {
    return this.changing(change.name ?? nameOrId, async () => {
      const before = await this.locked(nameOrId);
      requireVersion(accepted, before.version);
      const content = { ...contentOf(before), ...given(change) };
      if (JSON.stringify(content) === JSON.stringify(contentOf(before))) return before;
      // One whose provider is gone may be edited in everything else.
      if (content.model !== before.model) this.models.get(content.model);
      // Those of another administrator stay where they are bound.
      const bound = new Set(before.collectionIds);
      await this.readable(
        actor,
        content.collectionIds.filter((id) => !bound.has(id)),
      );
      const after: Persona = { ...before, ...content, version: before.version + 1, updatedAt: new Date() };
      await this.db.manager.update(Persona, { id: before.id }, after);
      await this.keepVersion(actor, after);
      return after;
    });
  }

  /**
   * Deletes one that no conversation talks to.
   * @throws {404} persona_not_found
   * @throws {409} persona_in_use
   */
  async remove(nameOrId: string): Promise<void> {
    await this.changing(nameOrId, async () => {
      const { id } = await this.locked(nameOrId);
      await this.db.manager.delete(Persona, { id });
    });
  }

  /** Up to `limit + 1` below `before`, newest first. @throws {404} persona_not_found */
  async versions(nameOrId: string, limit: number, before: number): Promise<PersonaVersion[]> {
    const { id } = await this.find(nameOrId);
    return this.db.manager.find(PersonaVersion, {
      where: { personaId: id, version: LessThan(before) },
      order: { version: 'DESC' },
      take: limit + 1,
    });
  }

  /** As it was in an earlier version; as it is, where that was not kept. */
  async asOf(persona: Persona, version: number): Promise<Persona> {
    if (version === persona.version) return persona;
    const then = await this.db.manager.findOneBy(PersonaVersion, { personaId: persona.id, version });
    return then === null ? persona : { ...persona, ...then.content, version };
  }

  /** Those of these collections that `actor` may not read, or that are not there, are none. @throws {404} collection_not_found */
  private async readable(actor: Actor, collectionIds: readonly string[]): Promise<void> {
    if (collectionIds.length === 0) return;
    const missing = await this.db.one<{ id: string }>(
      `SELECT asked.id FROM unnest($2::uuid[]) AS asked (id)
       WHERE NOT EXISTS (SELECT FROM collections c WHERE c.id = asked.id AND (c.user_id = $1 OR c.shared)) LIMIT 1`,
      [actor.id, collectionIds],
    );
    if (missing !== null) throw notFound('collection', missing.id);
  }

  private async all(): Promise<readonly Persona[]> {
    const shelf = await this.cache.shelf(null);
    const isKnown = shelf !== null && this.known?.shelf === shelf;
    this.cache.count('personas', shelf === null ? 'bypass' : isKnown ? 'hit' : 'miss');
    if (isKnown && this.known !== null) return this.known.all;
    const all = await this.load();
    if (shelf !== null) this.known = { shelf, all };
    return all;
  }

  private async load(): Promise<readonly Persona[]> {
    // A prepared statement: beside other instances every turn may have to ask.
    const personas = await this.db.query<Persona & Record<string, unknown>>(ALL);
    // Sorted here, since a server's collation may put an underscore elsewhere than the cursor's comparison does.
    return personas.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private async locked(nameOrId: string): Promise<Persona> {
    const persona = await this.db.manager.findOne(Persona, {
      where: isUuid(nameOrId) ? { id: nameOrId } : { name: nameOrId },
      lock: { mode: 'pessimistic_write' },
    });
    if (persona === null) throw notFound('persona', nameOrId);
    return persona;
  }

  private async keepVersion(actor: Actor, persona: Persona): Promise<void> {
    await this.db.manager.insert(PersonaVersion, {
      personaId: persona.id,
      version: persona.version,
      content: contentOf(persona),
      changedBy: actor.id,
    });
  }

  private async changing<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.db.tx(() => {
        this.db.wrote(null);
        return work();
      });
    } catch (error) {
      throw explained(error, name);
    }
  }
}

const contentOf = (persona: Persona): PersonaContent =>
  Object.fromEntries(CONTENT.map((field) => [field, persona[field]])) as unknown as PersonaContent;

/** Without the fields that a request left out. */
const given = (change: Partial<PersonaContent>): Partial<PersonaContent> =>
  Object.fromEntries(CONTENT.filter((field) => change[field] !== undefined).map((field) => [field, change[field]]));

/** PostgreSQL's 23505 (a name twice) and 23503 (conversations point at it) in words. */
function explained(error: unknown, name: string): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  if (code === '23505') return new Problem(409, 'persona_name_taken', `There is a persona ${name} already.`);
  if (code === '23503') {
    return new Problem(
      409,
      'persona_in_use',
      `Conversations talk to the persona ${name}, so it cannot be deleted; deactivate it.`,
    );
  }
  return error;
}
