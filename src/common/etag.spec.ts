import { describe, expect, it } from '@jest/globals';
import { acceptedVersions, etagOf, requireVersion } from './etag.js';

describe('If-Match', () => {
  it.each([
    [undefined, null],
    ['*', null],
    ['"3"', [3]],
    ['W/"3"', [3]],
    ['"1", W/"2","17"', [1, 2, 17]],
    ['3', []],
    ['"three"', []],
    ['', []],
  ])('%j accepts %j', (header, versions) => {
    expect(acceptedVersions(header)).toEqual(versions);
  });

  it('refuses a stale version and tells the current one', () => {
    expect(() => requireVersion([3], 3)).not.toThrow();
    expect(() => requireVersion(null, 3)).not.toThrow();
    expect(() => requireVersion([2], 3)).toThrow(
      expect.objectContaining({ status: 412, code: 'version_mismatch', extra: { headers: { etag: etagOf(3) } } }),
    );
    expect(() => requireVersion([], 3)).toThrow(expect.objectContaining({ status: 412 }));
  });
});
