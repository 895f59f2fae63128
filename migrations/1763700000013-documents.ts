import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Texts that users may ask about: collections, their documents, and what these are found by. */
export class Documents1763700000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE collections (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        version integer NOT NULL DEFAULT 1,
        shared boolean NOT NULL,
        name text NOT NULL,
        description text,
        PRIMARY KEY (user_id, id),
        UNIQUE (user_id, name)
      )`);
    // Those that everybody may read are few, and are looked for by everybody.
    await runner.query(`CREATE INDEX collections_shared ON collections (id) WHERE shared`);
    await runner.query(`
      CREATE TABLE documents (
        user_id uuid NOT NULL,
        id uuid NOT NULL,
        collection_id uuid NOT NULL,
        upload_id uuid NOT NULL,
        ready_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        terms bigint NOT NULL DEFAULT 0,
        bytes integer NOT NULL DEFAULT 0,
        pages integer,
        characters integer NOT NULL DEFAULT 0,
        tokens integer NOT NULL DEFAULT 0,
        passages integer NOT NULL DEFAULT 0,
        done integer NOT NULL DEFAULT 0,
        total integer,
        name text NOT NULL,
        given_title text,
        title text,
        format text,
        language text,
        status text NOT NULL CHECK (status IN ('queued', 'parsing', 'indexing', 'ready', 'failed')),
        error_code text,
        error_message text,
        PRIMARY KEY (user_id, id),
        UNIQUE (user_id, collection_id, name),
        FOREIGN KEY (user_id, collection_id) REFERENCES collections (user_id, id) ON DELETE CASCADE
      )`);
    await runner.query(`CREATE INDEX documents_of_collection ON documents (user_id, collection_id, id DESC)`);
    const ofDocument = `FOREIGN KEY (user_id, document_id) REFERENCES documents (user_id, id) ON DELETE CASCADE`;
    // Files that are still to be read. Whoever reads one says so by busy_until.
    await runner.query(`
      CREATE TABLE document_sources (
        user_id uuid NOT NULL,
        document_id uuid NOT NULL,
        upload_id uuid NOT NULL,
        queued_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        busy_until timestamptz(3),
        attempts integer NOT NULL DEFAULT 0,
        format text NOT NULL,
        content bytea NOT NULL,
        PRIMARY KEY (user_id, document_id),
        ${ofDocument}
      )`);
    await runner.query(`ALTER TABLE document_sources ALTER COLUMN content SET STORAGE EXTERNAL`);
    await runner.query(`CREATE INDEX document_sources_queue ON document_sources (queued_at)`);
    await runner.query(`
      CREATE TABLE document_texts (
        user_id uuid NOT NULL,
        document_id uuid NOT NULL,
        outline jsonb NOT NULL,
        content text NOT NULL,
        PRIMARY KEY (user_id, document_id),
        ${ofDocument}
      )`);
    // The words that occur, to find what a misspelled one means: by its first letter, in the order of bytes.
    await runner.query(`
      CREATE TABLE document_words (
        user_id uuid NOT NULL,
        word text COLLATE "C" NOT NULL,
        document_id uuid NOT NULL,
        PRIMARY KEY (user_id, word, document_id),
        ${ofDocument}
      )`);
    await runner.query(`CREATE INDEX document_words_document ON document_words (user_id, document_id)`);
    await runner.query(`
      CREATE TABLE passages (
        user_id uuid NOT NULL,
        document_id uuid NOT NULL,
        collection_id uuid NOT NULL,
        n integer NOT NULL,
        starts integer NOT NULL,
        ends integer NOT NULL,
        page integer,
        tokens integer NOT NULL,
        length integer NOT NULL,
        sampled boolean NOT NULL,
        heading text[] NOT NULL,
        content text NOT NULL,
        terms bytea NOT NULL,
        keys bigint[] NOT NULL,
        PRIMARY KEY (user_id, document_id, n),
        ${ofDocument}
      )`);
    // As with the messages of memory: keys are for the index only, terms are read with every candidate, and a search must
    // not read what all users added last.
    await runner.query(`ALTER TABLE passages ALTER COLUMN keys SET STORAGE EXTERNAL`);
    await runner.query(`ALTER TABLE passages ALTER COLUMN terms SET STORAGE MAIN`);
    await runner.query(`CREATE INDEX passages_keys ON passages USING gin (keys) WITH (fastupdate = off)`);
    await runner.query(
      `CREATE INDEX passages_sample ON passages USING gin (keys) WITH (fastupdate = off) WHERE sampled`,
    );
    await runner.query(`
      CREATE TABLE passage_vectors (
        user_id uuid NOT NULL,
        document_id uuid NOT NULL,
        n integer NOT NULL,
        grams bytea NOT NULL,
        embedded_by text,
        signs bit varying,
        embedding bytea,
        PRIMARY KEY (user_id, document_id, n),
        FOREIGN KEY (user_id, document_id, n) REFERENCES passages (user_id, document_id, n) ON DELETE CASCADE
      )`);
    await runner.query(`ALTER TABLE passage_vectors ALTER COLUMN embedding SET STORAGE EXTERNAL`);
    await runner.query(`CREATE INDEX passage_vectors_embedded ON passage_vectors (user_id, embedded_by)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'passage_vectors',
      'passages',
      'document_words',
      'document_texts',
      'document_sources',
      'documents',
      'collections',
    ]) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
