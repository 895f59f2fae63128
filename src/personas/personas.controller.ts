import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { AdminOnly, CurrentActor } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { AcceptedVersions, ChangesVersion, VersionTag } from '../common/etag.js';
import { ListQuery } from '../common/page.dto.js';
import { decodeCursor, toPage } from '../common/page.js';
import {
  CreatePersona,
  ListPersonas,
  PersonaPage,
  PersonaVersionPage,
  PersonaVersionView,
  PersonaView,
  UpdatePersona,
} from './persona.dto.js';
import { PersonasService } from './personas.service.js';

@Controller('api/v1/personas')
export class PersonasController {
  constructor(private readonly personas: PersonasService) {}

  /** The personas one can talk to, by name. Administrators may ask for the inactive ones, too. */
  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: ListPersonas): Promise<PersonaPage> {
    const { limit = 20, cursor, includeInactive = false } = query;
    const [after] = cursor === undefined ? [] : decodeCursor(cursor, ['string']);
    const rows = await this.personas.list(actor, includeInactive, limit, after === undefined ? '' : String(after));
    return toPage(
      rows,
      limit,
      ({ name }) => [name],
      (row) => PersonaView.of(row, actor),
    );
  }

  /**
   * One persona, by id or name. Administrators see its system prompt.
   * @throws {404} `persona_not_found`
   */
  @Get(':id')
  @UseInterceptors(VersionTag)
  async get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<PersonaView> {
    return PersonaView.of(await this.personas.visible(actor, id), actor);
  }

  /**
   * Makes a persona. Administrators only.
   * @throws {404} `collection_not_found`
   * @throws {409} `persona_name_taken`
   * @throws {422} `model_unknown`: no provider of that name is set up.
   */
  @Post()
  @AdminOnly()
  @UseInterceptors(VersionTag)
  async create(@CurrentActor() actor: Actor, @Body() content: CreatePersona): Promise<PersonaView> {
    return PersonaView.of(await this.personas.create(actor, content), actor);
  }

  /**
   * Changes a persona; every change is a version. Administrators only.
   * @throws {404} `persona_not_found`, `collection_not_found`
   * @throws {409} `persona_name_taken`
   * @throws {412} `version_mismatch`: it was changed since the `If-Match` was read.
   * @throws {422} `model_unknown`: no provider of that name is set up.
   */
  @Patch(':id')
  @AdminOnly()
  @ChangesVersion()
  async edit(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() change: UpdatePersona,
    @AcceptedVersions() accepted: number[] | null,
  ): Promise<PersonaView> {
    return PersonaView.of(await this.personas.edit(actor, id, change, accepted), actor);
  }

  /**
   * Deletes a persona that no conversation talks to; others can be deactivated. Administrators only.
   * @throws {404} `persona_not_found`
   * @throws {409} `persona_in_use`
   */
  @Delete(':id')
  @AdminOnly()
  @HttpCode(204)
  remove(@Param('id') id: string): Promise<void> {
    return this.personas.remove(id);
  }

  /**
   * Every version of a persona, newest first. Administrators only.
   * @throws {404} `persona_not_found`
   */
  @Get(':id/versions')
  @AdminOnly()
  async versions(@Param('id') id: string, @Query() query: ListQuery): Promise<PersonaVersionPage> {
    const { limit = 20, cursor } = query;
    const [before = 2_147_483_647] = cursor === undefined ? [] : decodeCursor(cursor, ['number']);
    const rows = await this.personas.versions(id, limit, Number(before));
    return toPage(rows, limit, ({ version }) => [version], PersonaVersionView.of);
  }
}
