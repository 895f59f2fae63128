import { describe, expect, it } from '@jest/globals';
import { bodyText } from '../common/json-text.js';
import type { MessageRow } from '../conversations/message.entity.js';
import { turnView } from './turn-view.js';

const aMessage = (some: Partial<MessageRow>): MessageRow => ({
  userId: 'u',
  conversationId: 'c',
  seq: 1,
  id: 'm',
  parentId: null,
  active: true,
  role: 'user',
  type: 'text',
  status: 'complete',
  content: 'Show me “health”',
  metadata: {},
  clientId: null,
  createdAt: new Date(0),
  ...some,
});

describe('turnView', () => {
  it.each([
    {
      runId: 'r',
      findings: [{ kind: 'value', text: 'It is 1.', values: { one: 1 }, support: [], interest: 1 }],
      visualization: { spec: { mark: 'bar' }, title: 'One', altText: 'A bar' },
      evidence: { primary: { rows: [[1, null, 'ü']] }, context: [], pastResults: [] },
    },
    {
      runId: 'r',
      findings: [],
      visualization: null,
      evidence: { primary: null, context: [], pastResults: [] },
      reading: undefined,
    },
    { runId: 'r', code: 'answer_failed', layer: null },
  ])('is sent as its JSON (%#)', (metadata) => {
    const view = turnView(
      { id: 'r', status: 'completed' },
      aMessage({}),
      aMessage({ role: 'assistant', seq: 2, metadata }),
    );
    expect(bodyText(view)).toBe(JSON.stringify(view));
  });
});
