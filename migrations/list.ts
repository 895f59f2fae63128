import type { MixedList } from 'typeorm';
import { Accounts1763700000001 } from './1763700000001-accounts.js';
import { Personas1763700000002 } from './1763700000002-personas.js';
import { Conversations1763700000003 } from './1763700000003-conversations.js';
import { Datasets1763700000004 } from './1763700000004-datasets.js';
import { Runs1763700000005 } from './1763700000005-runs.js';
import { PersonaModel1763700000006 } from './1763700000006-persona-model.js';
import { DurableRuns1763700000007 } from './1763700000007-durable-runs.js';
import { ConversationMetadata1763700000008 } from './1763700000008-conversation-metadata.js';
import { Facts1763700000009 } from './1763700000009-facts.js';
import { Recall1763700000010 } from './1763700000010-recall.js';
import { ErasureAndSummaries1763700000011 } from './1763700000011-erasure-and-summaries.js';
import { PastResults1763700000012 } from './1763700000012-past-results.js';
import { Documents1763700000013 } from './1763700000013-documents.js';
import { DatasetVersions1763700000014 } from './1763700000014-dataset-versions.js';
import { DatasetRelations1763700000015 } from './1763700000015-dataset-relations.js';
import { CompactGrams1763700000016 } from './1763700000016-compact-grams.js';
import { ExternalSources1763700000017 } from './1763700000017-external-sources.js';
import { CacheMembers1763700000019 } from './1763700000019-cache-members.js';
import { Reports1763700000020 } from './1763700000020-reports.js';
import { BoundCollections1763700000022 } from './1763700000022-bound-collections.js';
import { UploadKeys1763700000023 } from './1763700000023-upload-keys.js';

type Migration = Extract<MixedList<new () => object>, readonly unknown[]>[number];

/** Every migration, in the order it runs. Never reorder or edit one that was released. */
export const migrations: readonly Migration[] = [
  Accounts1763700000001,
  Personas1763700000002,
  Conversations1763700000003,
  Datasets1763700000004,
  Runs1763700000005,
  PersonaModel1763700000006,
  DurableRuns1763700000007,
  ConversationMetadata1763700000008,
  Facts1763700000009,
  Recall1763700000010,
  ErasureAndSummaries1763700000011,
  PastResults1763700000012,
  Documents1763700000013,
  DatasetVersions1763700000014,
  DatasetRelations1763700000015,
  CompactGrams1763700000016,
  ExternalSources1763700000017,
  CacheMembers1763700000019,
  Reports1763700000020,
  BoundCollections1763700000022,
  UploadKeys1763700000023,
];
