import type { PipeTransform } from '@nestjs/common';
import { isUuid } from './ids.js';
import { Problem } from './problem.js';

/** For `@Param('id', uuidParam)`: what is not a UUID is told so, before any query runs. */
export const uuidParam: PipeTransform<string, string> = {
  transform(value, { data: path = 'id' }) {
    if (isUuid(value)) return value.toLowerCase();
    throw new Problem(400, 'validation_failed', `${path} must be a UUID.`, {
      errors: [{ path, message: `${path} must be a UUID` }],
    });
  },
};
