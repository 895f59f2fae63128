import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { PersonasModule } from '../personas/personas.module.js';
import { ContextController } from './context/context.controller.js';
import { CandidatesService } from './context/candidates.service.js';
import { ContextService } from './context/context.service.js';
import { Fact, FactSource, MemoryCursor, MemorySettings } from './facts/fact.entity.js';
import { RecalledService } from './context/recalled.service.js';
import { RecalledStore } from './context/recalled.store.js';
import { FactLearner } from './facts/fact-learner.js';
import { FactsController } from './facts/facts.controller.js';
import { FactsService } from './facts/facts.service.js';
import { FactsStore } from './facts/facts.store.js';
import { LearningKeeper } from './facts/learning-keeper.js';
import { LearningStore } from './facts/learning.store.js';
import { ShortTermController } from './short-term/short-term.controller.js';
import { ShortTermService } from './short-term/short-term.service.js';
import { ShortTermStore } from './short-term/short-term.store.js';
import { EmbeddingsService } from './recall/embeddings.service.js';
import { IndexRounds } from './recall/index-rounds.js';
import { IndexStore } from './recall/index.store.js';
import { IndexerService } from './recall/indexer.service.js';
import { RecallController } from './recall/recall.controller.js';
import { MemoryConversation, MemoryMessage, MemoryVector } from './recall/recall.entity.js';
import { RecallService } from './recall/recall.service.js';
import { RecallStore } from './recall/recall.store.js';
import { MemoryResult, UnreadResults } from './results/result.entity.js';
import { ResultListsService } from './results/result-lists.service.js';
import { ResultsController } from './results/results.controller.js';
import { ResultsIndex } from './results/results-index.service.js';
import { ResultsService } from './results/results.service.js';
import { ResultsStore } from './results/results.store.js';

import { SummariesController } from './summaries/summaries.controller.js';
import { SummariesService } from './summaries/summaries.service.js';
import { SummariesStore } from './summaries/summaries.store.js';
import { Summarizer } from './summaries/summarizer.service.js';
import { Claim, Summary } from './summaries/summary.entity.js';
import { TitlesController } from './titles/titles.controller.js';
import { TitlesService } from './titles/titles.service.js';
import { UpkeepService } from './upkeep/upkeep.service.js';
import { UpkeepStore } from './upkeep/upkeep.store.js';

/** What a turn may see of everything that its user ever said here. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Fact, FactSource, MemorySettings, MemoryCursor]),
    TypeOrmModule.forFeature([MemoryConversation, MemoryMessage, MemoryVector]),
    TypeOrmModule.forFeature([MemoryResult, UnreadResults]),
    TypeOrmModule.forFeature([Summary, Claim]),
    PersonasModule,
    DatasetsModule,
    ConversationsModule,
    AuthModule,
  ],
  controllers: [
    ContextController,
    FactsController,
    ShortTermController,
    RecallController,
    ResultsController,
    SummariesController,
    TitlesController,
  ],
  providers: [
    ContextService,
    CandidatesService,
    RecalledStore,
    RecalledService,
    FactsStore,
    LearningStore,
    FactLearner,
    LearningKeeper,
    FactsService,
    ShortTermStore,
    ShortTermService,
    RecallStore,
    IndexStore,
    IndexerService,
    EmbeddingsService,
    RecallService,
    IndexRounds,
    ResultsStore,
    ResultsIndex,
    ResultsService,
    ResultListsService,
    SummariesStore,
    Summarizer,
    SummariesService,
    TitlesService,
    UpkeepStore,
    UpkeepService,
  ],
  exports: [ContextService, FactsService, ShortTermService, RecallService, ResultsService],
})
export class MemoryModule {}
