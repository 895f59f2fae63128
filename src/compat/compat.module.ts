import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { PersonasModule } from '../personas/personas.module.js';
import { AiSdkController } from './ai-sdk/ai-sdk.controller.js';
import { AiSdkService } from './ai-sdk/ai-sdk.service.js';
import { CompletionsService } from './openai/completions.service.js';
import { NotServedController } from './openai/not-served.controller.js';
import { OpenAiCompletionsController } from './openai/openai-completions.controller.js';
import { OpenAiConversationsController } from './openai/openai-conversations.controller.js';
import { OpenAiConversationsService } from './openai/openai-conversations.service.js';
import { OpenAiModelsController } from './openai/openai-models.controller.js';
import { OpenAiResponsesController } from './openai/openai-responses.controller.js';
import { ResponsesService } from './openai/responses.service.js';
import { TurnsTold } from './openai/turns-told.service.js';

/** Lets existing clients talk to us unchanged: translates, and owns nothing. */
@Module({
  imports: [AuthModule, PersonasModule, DatasetsModule, ConversationsModule, ChatModule],
  controllers: [
    AiSdkController,
    OpenAiModelsController,
    OpenAiCompletionsController,
    OpenAiResponsesController,
    OpenAiConversationsController,
    NotServedController,
  ],
  providers: [AiSdkService, CompletionsService, ResponsesService, OpenAiConversationsService, TurnsTold],
})
export class CompatModule {}
