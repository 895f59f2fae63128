import { PartialType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import type { Actor } from '../common/actor.js';
import { Optional } from '../common/optional.js';
import { ListQuery, PageOf } from '../common/page.dto.js';
import { UuidList } from '../common/uuid-list.js';
import {
  REPORT_PARTS,
  REPORT_TONES,
  type ReportPart,
  type ReportTemplate,
  type ReportTone,
} from './report-template.js';
import type { Persona, PersonaContent, PersonaVersion } from './persona.entity.js';

/** class-validator's own check of decimals fails on numbers that are written with an exponent. */
const Hundredths = (): PropertyDecorator =>
  ValidateBy({
    name: 'hundredths',
    validator: {
      validate: (value) => typeof value === 'number' && value === Math.round(value * 100) / 100,
      defaultMessage: () => 'temperature must be a number with at most two decimals',
    },
  });

/** How a persona's reports look. */
export class ReportTemplateInput implements ReportTemplate {
  /** The parts that are shown, in this order; all of them, as they are listed here, when left out.
   * @example ["summary", "figures", "sections", "sources", "method"] */
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(REPORT_PARTS, { each: true })
  parts?: ReportPart[];

  /** Said before everything else. Paragraphs, lists and bold.
   * @example "Prepared for the quarterly review." */
  @Optional()
  @IsString()
  @MaxLength(2_000)
  intro?: string;

  /** Said after everything else.
   * @example "Questions go to the analytics team." */
  @Optional()
  @IsString()
  @MaxLength(2_000)
  outro?: string;

  /** How a language model words the summary, where one is set up.
   * @example "formal" */
  @Optional()
  @IsIn(REPORT_TONES)
  tone?: ReportTone;

  /** Of headings and charts; the persona's own when left out.
   * @example "#0F766E" */
  @Optional()
  @Matches(/^#[0-9A-Fa-f]{6}$/)
  color?: string;
}

export class CreatePersona {
  /** What clients send to choose it: lower case letters, digits and underscores, starting with a letter; unique.
   * @example "energy_advisor" */
  @Matches(/^[a-z][a-z0-9_]{1,63}$/)
  name: string;

  /** @example "Energy Advisor" */
  @IsString()
  @Length(1, 100)
  @Matches(/[^\s\p{C}]/u, { message: 'displayName must hold something visible' })
  displayName: string;

  /** What it is for, in a sentence.
   * @example "Explains energy use and what would lower it." */
  @Optional()
  @IsString()
  @MaxLength(2_000)
  description?: string;

  /** Role, way of working, tone and limits: what a language model is told before every turn.
   * @example "You are the Energy Advisor. You answer from the data you are given, with figures first." */
  @IsString()
  @Length(1, 20_000)
  @Matches(/[^\s\p{C}]/u, { message: 'systemPrompt must hold something visible' })
  systemPrompt: string;

  /** @example "#F59E0B" */
  @Matches(/^#[0-9A-Fa-f]{6}$/)
  color: string;

  /** Name of an icon of the frontend's set.
   * @example "bolt" */
  @Matches(/^[a-z][a-z0-9-]{0,63}$/)
  icon: string;

  /** Whether users may choose it; true when left out.
   * @example true */
  @Optional()
  @IsBoolean()
  isActive?: boolean;

  /** Data sets that it answers from when a turn names none.
   * @example [] */
  @Optional()
  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  defaultDatasetIds?: string[];

  /** Collections of documents that its conversations are answered from, besides those of the conversation itself: your own and
   * shared ones. Whoever talks to it is answered only from those that they may read themselves. None: all that they may read.
   * @example [] */
  @UuidList()
  collectionIds?: string[];

  /** Shown to a user who does not know what to ask.
   * @example ["Which building used most energy in 2024?"] */
  @Optional()
  @IsArray()
  @ArrayMaxSize(12)
  @IsString({ each: true })
  @Length(1, 300, { each: true })
  @Matches(/[^\s\p{C}]/u, { each: true, message: 'each of starterQuestions must hold something visible' })
  starterQuestions?: string[];

  /** The language model it speaks through: `provider/model`, or `model` for one of the default provider. null, or left
   * out: the default model.
   * @example "default/llama3.1:8b" */
  @IsOptional()
  @Matches(/^[^\s\p{C}]{1,200}$/u, { message: 'model must be the name of a model, without spaces' })
  model?: string | null;

  /** How freely the model speaks, from 0 to 2; null, or left out: as its server sees fit.
   * @example 0.2 */
  @IsOptional()
  @Hundredths()
  @Min(0)
  @Max(2)
  temperature?: number | null;

  /** How reports that are made for it look; as usual where it says nothing. */
  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => ReportTemplateInput)
  reportTemplate?: ReportTemplateInput;
}

/** What to change; what is left out stays. */
export class UpdatePersona extends PartialType(CreatePersona, { skipNullProperties: false }) {}

export class ListPersonas extends ListQuery {
  /** Administrators: the inactive ones, too.
   * @example false */
  @Optional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  includeInactive?: boolean = false;
}

export class PersonaView {
  /** @example "019ab000-0000-7000-8000-000000000001" */
  id: string;
  /** @example "transformation_analyst" */
  name: string;
  /** @example "Transformation Analyst" */
  displayName: string;
  /** @example "Analyses organisational transformation metrics and health." */
  description: string;
  /** @example "#4F46E5" */
  color: string;
  /** @example "chart-bar" */
  icon: string;
  /** @example true */
  isActive: boolean;
  /** @example [] */
  defaultDatasetIds: string[];
  /** Collections of documents that it answers from; none: all that one may read.
   * @example [] */
  collectionIds: string[];
  /** @example ["Show me education sector health in 2024"] */
  starterQuestions: string[];
  /** Counts the edits, from 1; the `ETag` of the persona.
   * @example 1 */
  version: number;
  /** Administrators only.
   * @example "You are the Transformation Analyst." */
  systemPrompt?: string;
  /** Administrators only; null: the default model.
   * @example "default/llama3.1:8b" */
  model?: string | null;
  /** Administrators only; null: as the model's server sees fit.
   * @example 0.2 */
  temperature?: number | null;
  /** How reports that are made for it look; as usual where it says nothing.
   * @example { "parts": ["summary", "figures", "sections", "sources", "method"] } */
  reportTemplate: ReportTemplateInput;
  /** @example "2026-11-21T09:30:00.000Z" */
  createdAt: Date;
  /** @example "2026-11-21T09:30:00.000Z" */
  updatedAt: Date;

  static of({ systemPrompt, model, temperature, ...persona }: Persona, { role }: Pick<Actor, 'role'>): PersonaView {
    return role === 'admin' ? { ...persona, systemPrompt, model, temperature } : persona;
  }
}

export class PersonaPage extends PageOf(PersonaView) {}

export class PersonaContentView implements PersonaContent {
  /** @example "transformation_analyst" */
  name: string;
  /** @example "Transformation Analyst" */
  displayName: string;
  /** @example "Analyses organisational transformation metrics and health." */
  description: string;
  /** @example "You are the Transformation Analyst." */
  systemPrompt: string;
  /** @example "#4F46E5" */
  color: string;
  /** @example "chart-bar" */
  icon: string;
  /** @example true */
  isActive: boolean;
  /** @example [] */
  defaultDatasetIds: string[];
  /** @example [] */
  collectionIds: string[];
  /** @example ["Show me education sector health in 2024"] */
  starterQuestions: string[];
  /** null: the default model.
   * @example null */
  model: string | null;
  /** null: as the model's server sees fit.
   * @example null */
  temperature: number | null;
  /** @example {} */
  reportTemplate: ReportTemplateInput;
}

export class PersonaVersionView {
  /** @example 1 */
  version: number;
  /** Everything that an edit can change, as it was after this one. */
  content: PersonaContentView;
  /** Id of the administrator; null when it came with Engram or the account is gone.
   * @example null */
  changedBy: string | null;
  /** @example "2026-11-21T09:30:00.000Z" */
  createdAt: Date;

  static of(this: void, { version, content, changedBy, createdAt }: PersonaVersion): PersonaVersionView {
    return {
      version,
      content: { model: null, temperature: null, collectionIds: [], reportTemplate: {}, ...content },
      changedBy,
      createdAt,
    };
  }
}

export class PersonaVersionPage extends PageOf(PersonaVersionView) {}
