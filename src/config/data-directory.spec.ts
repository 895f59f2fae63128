import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dataDirectory } from './data-directory.js';

const isRoot = process.getuid?.() === 0;
const at = (dataDir: string, url: string | null = null) => dataDirectory({ dataDir, database: { url } });

(isRoot ? describe : describe.skip)(
  'a data directory of root, in which the database server runs as another user',
  () => {
    let closed: string;
    beforeEach(() => {
      closed = mkdtempSync(path.join(os.tmpdir(), 'engram-data-')); // 0700
    });
    afterEach(() => rmSync(closed, { recursive: true, force: true }));

    it('is opened for passing through when it was made for it', () => {
      expect(at(closed)).toBe(closed);
      expect(statSync(closed).mode & 0o777).toBe(0o711);
    });

    it('is refused where it lies in a closed one, or holds what is not ours; with a server elsewhere neither matters', () => {
      const inside = path.join(closed, 'data');
      mkdirSync(inside);
      expect(() => at(inside)).toThrow(/only root may enter/);
      writeFileSync(path.join(closed, 'diary.txt'), '');
      chmodSync(closed, 0o700);
      expect(() => at(closed)).toThrow(/only root may enter/);
      expect(statSync(closed).mode & 0o777).toBe(0o700);
      expect(at(closed, 'postgres://somewhere/else')).toBe(closed);
    });
  },
);
