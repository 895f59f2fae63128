import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { Collection } from './collections/collection.entity.js';
import type { Format } from './parsing/detect.js';
import type { Heading } from './parsing/passages.js';

export const DOCUMENT_STATUSES = ['queued', 'parsing', 'indexing', 'ready', 'failed'] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

/** A text in a collection. What is found is what `ready_at` stands for; `status` is that of the last upload. */
@Entity('documents')
@Unique(['userId', 'collectionId', 'name'])
@Check('documents_status_check', `status IN ('queued', 'parsing', 'indexing', 'ready', 'failed')`)
@Index('documents_of_collection', { synchronize: false })
export class Document {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') collectionId: string;
  @ManyToOne(() => Collection, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'collection_id', referencedColumnName: 'id' },
  ])
  collection: Relation<Collection>;
  /** The last upload: another one takes the place of what is read of an earlier one. */
  @Column('uuid') uploadId: string;
  /** null: no upload could be read yet. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readyAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) updatedAt: Date;
  /** Terms of its passages, with repetitions. */
  @Column('bigint', { default: 0 }) terms: number;
  @Column('integer', { default: 0 }) bytes: number;
  /** null: its format knows none. */
  @Column('integer', { nullable: true }) pages: number | null;
  @Column('integer', { default: 0 }) characters: number;
  @Column('integer', { default: 0 }) tokens: number;
  @Column('integer', { default: 0 }) passages: number;
  /** Passages of the upload that are indexed, of how many; null: that is not known yet. */
  @Column('integer', { default: 0 }) done: number;
  @Column('integer', { nullable: true }) total: number | null;
  /** The file's; unique in its collection. */
  @Column('text') name: string;
  /** By a person; null: its own, or else its name. */
  @Column('text', { nullable: true }) givenTitle: string | null;
  @Column('text', { nullable: true }) title: string | null;
  @Column('text', { nullable: true }) format: Format | null;
  /** Whose stems its words have. */
  @Column('text', { nullable: true }) language: string | null;
  @Column('text') status: DocumentStatus;
  @Column('text', { nullable: true }) errorCode: string | null;
  @Column('text', { nullable: true }) errorMessage: string | null;
}

const OF_DOCUMENT = [
  { name: 'user_id', referencedColumnName: 'userId' },
  { name: 'document_id', referencedColumnName: 'id' },
];

/** A file that is still to be read. */
@Entity('document_sources')
@Index('document_sources_queue', ['queuedAt'])
export class DocumentSource {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') documentId: string;
  @ManyToOne(() => Document, { onDelete: 'CASCADE' })
  @JoinColumn(OF_DOCUMENT)
  document: Relation<Document>;
  @Column('uuid') uploadId: string;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' }) queuedAt: Date;
  /** An instance reads it, and is taken for dead after this. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) busyUntil: Date | null;
  @Column('integer', { default: 0 }) attempts: number;
  @Column('text') format: Format;
  @Column('bytea') content: Buffer;
}

/** What was read. */
@Entity('document_texts')
export class DocumentText {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') documentId: string;
  @ManyToOne(() => Document, { onDelete: 'CASCADE' })
  @JoinColumn(OF_DOCUMENT)
  document: Relation<Document>;
  @Column('jsonb') outline: readonly Heading[];
  @Column('text') content: string;
}

/** A word that a document has. */
@Entity('document_words')
@Index('document_words_document', ['userId', 'documentId'])
export class DocumentWord {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('text', { collation: 'C' }) word: string;
  @PrimaryColumn('uuid') documentId: string;
  @ManyToOne(() => Document, { onDelete: 'CASCADE' })
  @JoinColumn(OF_DOCUMENT)
  document: Relation<Document>;
}

/** A part of a document that is found and quoted by itself. */
@Entity('passages')
@Index('passages_keys', { synchronize: false })
@Index('passages_sample', { synchronize: false })
export class Passage {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') documentId: string;
  @ManyToOne(() => Document, { onDelete: 'CASCADE' })
  @JoinColumn(OF_DOCUMENT)
  document: Relation<Document>;
  @Column('uuid') collectionId: string;
  /** Its place in the document, from 1. */
  @PrimaryColumn('integer') n: number;
  /** Where it is in the document's text, in UTF-16 units. */
  @Column('integer') starts: number;
  @Column('integer') ends: number;
  @Column('integer', { nullable: true }) page: number | null;
  @Column('integer') tokens: number;
  /** Its terms, with repetitions; those of its headings are among them. */
  @Column('integer') length: number;
  /** One passage in sixteen: how frequent a term is in large collections is estimated from these. */
  @Column('boolean') sampled: boolean;
  @Column('text', { array: true }) heading: string[];
  @Column('text') content: string;
  /** `packTerms` */
  @Column('bytea') terms: Buffer;
  /** `TermKeys.key` of each term. */
  @Column('bigint', { array: true }) keys: string[];
}

/** The vector side of one passage. */
@Entity('passage_vectors')
@Index('passage_vectors_embedded', ['userId', 'embeddedBy'])
export class PassageVector {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') documentId: string;
  @PrimaryColumn('integer') n: number;
  @ManyToOne(() => Passage, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'document_id', referencedColumnName: 'documentId' },
    { name: 'n', referencedColumnName: 'n' },
  ])
  passage: Relation<Passage>;
  /** `packGrams` */
  @Column('bytea') grams: Buffer;
  /** Provider and model of the embedding; null: there is none. */
  @Column('text', { nullable: true }) embeddedBy: string | null;
  /** One bit a dimension, set where it is positive. */
  @Column('bit varying', { nullable: true }) signs: string | null;
  /** 32-bit floats, little endian, of length 1. */
  @Column('bytea', { nullable: true }) embedding: Buffer | null;
}
