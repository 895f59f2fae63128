import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import type { Persona } from '../../personas/persona.entity.js';
import { PersonasService } from '../../personas/personas.service.js';
import { OpenAiModel, OpenAiModelList } from './openai.dto.js';
import { inOpenAiTerms } from './problems.js';
import { seconds } from './response-view.js';

@Controller('v1/models')
@ApiTags('OpenAI')
export class OpenAiModelsController {
  constructor(private readonly personas: PersonasService) {}

  /** The active personas, as models. */
  @Get()
  async list(@CurrentActor() actor: Actor): Promise<OpenAiModelList> {
    const personas = await this.personas.list(actor, false, Number.MAX_SAFE_INTEGER);
    return { object: 'list', data: personas.map(modelOf) };
  }

  /**
   * One model, by the name or id of its persona.
   * @throws {404} `model_not_found`
   */
  @Get(':model')
  async get(@Param('model') model: string): Promise<OpenAiModel> {
    return modelOf(await inOpenAiTerms(() => this.personas.active(model)));
  }
}

const modelOf = ({ name, createdAt }: Persona): OpenAiModel => ({
  id: name,
  object: 'model',
  created: seconds(createdAt),
  owned_by: 'engram',
});
