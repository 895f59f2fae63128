import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Cache } from './cache.js';
import { CacheMember } from './cache-member.entity.js';
import { MembersStore } from './members.store.js';
import { Membership } from './membership.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([CacheMember])],
  providers: [Cache, Membership, MembersStore],
  exports: [Cache],
})
export class CacheModule {}
