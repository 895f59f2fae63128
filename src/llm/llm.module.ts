import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Models } from './models.service.js';

/** Language models, for every module. */
@Global()
@Module({
  providers: [{ provide: Models, inject: [Config], useFactory: ({ llm }: Config) => Models.open(llm) }],
  exports: [Models],
})
export class LlmModule {}
