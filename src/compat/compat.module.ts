import { Module } from '@nestjs/common';
import { ChatModule } from '../chat/chat.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { AiSdkController } from './ai-sdk/ai-sdk.controller.js';
import { AiSdkService } from './ai-sdk/ai-sdk.service.js';

/** Lets existing clients talk to us unchanged: translates, and owns nothing. */
@Module({
  imports: [ChatModule, ConversationsModule, DatasetsModule],
  controllers: [AiSdkController],
  providers: [AiSdkService],
})
export class CompatModule {}
