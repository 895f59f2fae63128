import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import { MessagesService } from '../../conversations/messages.service.js';
import { Db } from '../../database/db.js';
import { ContextService } from '../../memory/context/context.service.js';
import type { Persona } from '../../personas/persona.entity.js';
import { PersonasService } from '../../personas/personas.service.js';
import { UsersService } from '../../users/users.service.js';
import type { Report } from '../report.js';
import { type Claimed, ReportsStore } from '../reports.store.js';
import type { Material } from '../sources/material.js';
import { SourcesService } from '../sources/sources.service.js';
import { REPORT_FORMATS } from '../writing/format.js';
import { ReportWriter } from '../writing/writer.service.js';
import { lookOf } from './look.js';
import { worded } from './wording.js';

/** The report is not wanted any more, or another instance makes it. */
export class Superseded extends Error {}

/** What it was made of was erased meanwhile: it is made again of what there is. */
class Outdated extends Error {}

const MOST_ROUNDS = 3;
/** Share of the work that finding things out is; the rest is wording and setting it. */
const FOUND_OUT = 0.75;
/** Of the list that messages show. */
const MESSAGE = 'report';

/** From a claimed report to its files and its message: all of it at once, or nothing. */
@Injectable()
export class MakerService {
  constructor(
    private readonly db: Db,
    private readonly store: ReportsStore,
    private readonly sources: SourcesService,
    private readonly writer: ReportWriter,
    private readonly users: UsersService,
    private readonly personas: PersonasService,
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly contexts: ContextService,
  ) {}

  /** Rejects with a Problem where it can never be made, with `Superseded` where it need not. */
  async make(claimed: Claimed, signal: AbortSignal): Promise<void> {
    for (let round = 1; ; round++) {
      try {
        await this.makeOnce(claimed, signal);
        return;
      } catch (error) {
        if (!(error instanceof Outdated) || round === MOST_ROUNDS) throw error;
      }
    }
  }

  private async makeOnce(claimed: Claimed, signal: AbortSignal): Promise<void> {
    const tell = async (part: number, step: string): Promise<void> => {
      signal.throwIfAborted();
      if (!(await this.store.progress(claimed, part, step))) throw new Superseded();
    };
    await tell(0, 'Beginning');
    const { id, email, role } = await this.users.get(claimed.userId);
    const actor: Actor = { id, email, role };
    const persona = await this.personaOf(actor, claimed);
    const look = lookOf(persona);
    const { material, erasures, madeOf } = await this.sources.material(
      actor,
      claimed,
      { ...persona, color: look.color },
      (part, step) => tell(part * FOUND_OUT, step),
    );
    await tell(FOUND_OUT, 'Wording the summary');
    const said = await this.inWords(material, persona, look.tone, signal);
    const title = claimed.title ?? said.title;
    const report: Report = { ...said, title, generatedAt: new Date().toISOString(), look };
    await tell(FOUND_OUT + 0.05, 'Drawing the charts and setting the pages');
    const files = await this.writer.write(report, signal);
    await tell(0.98, 'Storing it');
    await this.db.tx(async () => {
      const message = await this.told(claimed, report, madeOf, erasures);
      if (!(await this.store.finish(claimed, report, message?.id ?? null, files))) throw new Superseded();
    });
  }

  /** The one asked for; else that of the conversation; else the usual one. */
  private async personaOf(actor: Actor, { personaId, conversationId }: Claimed): Promise<Persona> {
    if (personaId !== null) return this.personas.byId(personaId);
    if (conversationId === null) return this.personas.active();
    return this.personas.byId((await this.conversations.owned(actor, conversationId)).personaId);
  }

  private async inWords(
    material: Material,
    persona: Persona,
    tone: Report['look']['tone'],
    signal: AbortSignal,
  ): Promise<Material> {
    const model = this.contexts.modelOf(persona);
    return model === null ? material : worded(material, persona, tone, model, signal);
  }

  /** The message that tells of it; null: it goes into no conversation. In the transaction that keeps the report. */
  private async told(
    { userId, id, conversationId }: Claimed,
    report: Report,
    madeOf: readonly string[],
    erasures: number | null,
  ): Promise<MessageRow | null> {
    if (conversationId === null) return null;
    const draft = {
      role: 'assistant' as const,
      type: MESSAGE,
      content: messageOf(report),
      metadata: { report: { id, title: report.title, formats: REPORT_FORMATS, madeOf }, grounded: report.grounded },
    };
    const { conversation, messages } = await this.messages.append(userId, conversationId, [draft]);
    // The append has locked the conversation: from here on nothing of it is erased before this is committed.
    if (erasures !== null && conversation.erasures !== erasures) throw new Outdated();
    return messages[0] ?? null;
  }
}

/** What the conversation shows of a report: what it is, and its summary. */
const messageOf = ({ title, scope, summary }: Report): string =>
  [`**Report: ${title.replaceAll('*', '')}**`, scope, summary.map((line) => `- ${line}`).join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
