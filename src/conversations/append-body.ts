import type { PipeTransform, Type } from '@nestjs/common';
import { validation } from '../common/validation.js';
import { AppendMessage, AppendMessages } from './message.dto.js';

const check = validation();

/** One message or several: which of the two a body means is told by its `messages`; then it is checked as that. */
export const appendBody: PipeTransform<unknown, Promise<AppendMessage | AppendMessages>> = {
  transform(body) {
    const several = typeof body === 'object' && body !== null && 'messages' in body;
    const metatype: Type = several ? AppendMessages : AppendMessage;
    return check.transform(body, { type: 'body', metatype }) as Promise<AppendMessage | AppendMessages>;
  },
};
