import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsersModule } from '../users/users.module.js';
import { AuthController } from './auth.controller.js';
import { AuthGuard } from './auth.guard.js';
import { AuthService } from './auth.service.js';
import { Credentials } from './credentials.js';
import { CredentialsStore } from './credentials.store.js';
import { ApiKey } from './keys/api-key.entity.js';
import { ApiKeysController } from './keys/api-keys.controller.js';
import { ApiKeysService } from './keys/api-keys.service.js';
import { ApiKeysStore } from './keys/api-keys.store.js';
import { RateLimits } from './rate-limits.js';
import { AccessTokens } from './sessions/access-tokens.js';
import { Session } from './sessions/session.entity.js';
import { SessionsStore } from './sessions/sessions.store.js';
import { UploadKey } from './uploads/upload-key.entity.js';
import { UploadKeys } from './uploads/upload-keys.service.js';
import { UploadKeysStore } from './uploads/upload-keys.store.js';

/** Importing it closes every operation of the application but those marked `@Public()`. */
@Module({
  imports: [UsersModule, TypeOrmModule.forFeature([Session, ApiKey, UploadKey])],
  controllers: [AuthController, ApiKeysController],
  providers: [
    AccessTokens,
    SessionsStore,
    AuthService,
    ApiKeysStore,
    ApiKeysService,
    CredentialsStore,
    Credentials,
    RateLimits,
    UploadKeysStore,
    UploadKeys,
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [RateLimits, UploadKeys],
})
export class AuthModule {}
