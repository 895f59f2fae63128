import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { uuidParam } from '../../common/uuid-param.js';
import { AddRelation, ChangeRelation, RelationsView, RelationView } from './relation.dto.js';
import { RelationsService } from './relations.service.js';

@Controller('api/v1/datasets/:id/relations')
export class RelationsController {
  constructor(private readonly relations: RelationsService) {}

  /**
   * The relations from and to a data set: columns of one whose values name rows of another. Those that names and values suggest are
   * looked for first, among the data sets that one can ask about; queries and questions use confirmed ones only.
   * @throws {404} `dataset_not_found`
   */
  @Get()
  async list(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<RelationsView> {
    return { data: (await this.relations.list(actor, id)).map(RelationView.of) };
  }

  /**
   * Says that values of a column name rows of another data set. Its columns can be asked for along with this one's from then on:
   * `customers.segment`. Each row has one partner at most, so that none is counted twice.
   * @throws {403} `admin_only`: between shared ones.
   * @throws {404} `dataset_not_found`
   * @throws {409} `relation_name_taken`, `relation_changed`
   * @throws {422} `relation_unfit`: no such column, of another type, no row with a partner, or named as a column is;
   * `key_not_unique`, `query_too_slow`
   */
  @Post()
  async add(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() given: AddRelation,
  ): Promise<RelationView> {
    return RelationView.of(await this.relations.add(actor, id, given));
  }

  /**
   * Confirms or rejects a relation, or calls it otherwise. One whose second column does not tell rows apart cannot be confirmed;
   * when it comes to that by a refresh, the relation is only suggested again, with the reason.
   * @throws {403} `admin_only`: between shared ones.
   * @throws {404} `dataset_not_found`, `relation_not_found`
   * @throws {409} `relation_name_taken`, `relation_changed`
   * @throws {422} `relation_unfit`, `key_not_unique`, `query_too_slow`
   */
  @Patch(':relationId')
  async change(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('relationId', uuidParam) relationId: string,
    @Body() change: ChangeRelation,
  ): Promise<RelationView> {
    return RelationView.of(await this.relations.decide(actor, id, relationId, change));
  }

  /**
   * Removes a relation; it may be suggested again. To be rid of a suggestion, reject it.
   * @throws {403} `admin_only`: between shared ones.
   * @throws {404} `dataset_not_found`, `relation_not_found`
   */
  @Delete(':relationId')
  @HttpCode(204)
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('relationId', uuidParam) relationId: string,
  ): Promise<void> {
    return this.relations.remove(actor, id, relationId);
  }
}
