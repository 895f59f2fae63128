import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Persona, PersonaVersion } from './persona.entity.js';
import { PersonasService } from './personas.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Persona, PersonaVersion])],
  providers: [PersonasService],
  exports: [PersonasService],
})
export class PersonasModule {}
