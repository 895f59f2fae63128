import type { ApiBodyOptions } from '@nestjs/swagger';

/* Bodies for the API document. Their full form is OpenAI's; what is here is what has an effect. */

const said = {
  type: 'string',
  description: 'Text, or parts of text.',
  example: 'Show me education sector health in 2024',
};
const text = { oneOf: [said, { type: 'array', items: { type: 'object', additionalProperties: true } }] };
const message = {
  type: 'object',
  required: ['role', 'content'],
  properties: { role: { type: 'string', enum: ['user', 'assistant', 'system', 'developer'] }, content: text },
};
const model = { type: 'string', description: 'Name of a persona; the default one when left out.' };
const metadata = { type: 'object', additionalProperties: { type: 'string' } };
const items = { type: 'array', maxItems: 20, items: message };

const body = (properties: object, required: string[], value: object): ApiBodyOptions =>
  ({
    required: true,
    schema: { type: 'object', additionalProperties: true, properties, ...(required.length > 0 && { required }) },
    examples: { simple: { summary: 'The least', value } },
  }) as ApiBodyOptions;

const question = { role: 'user', content: 'Show me education sector health in 2024' };

export const COMPLETION_BODY = body(
  {
    model,
    messages: {
      type: 'array',
      items: message,
      description: 'All that was said; the last one is the question. Those of system and developer are left out.',
    },
    stream: { type: 'boolean' },
    stream_options: { type: 'object', properties: { include_usage: { type: 'boolean' } } },
  },
  ['messages'],
  { model: 'transformation_analyst', messages: [question] },
);

export const RESPONSE_BODY = body(
  {
    model,
    input: {
      oneOf: [{ type: 'string' }, { type: 'array', maxItems: 100, items: message }],
      description: 'The question, or messages of which it is the last.',
    },
    conversation: {
      oneOf: [{ type: 'string' }, { type: 'object', properties: { id: { type: 'string' } } }],
      description: 'To go on with; a new one when left out.',
    },
    previous_response_id: { type: 'string', description: 'To go on after it; a branch where it is not the last.' },
    stream: { type: 'boolean' },
    background: { type: 'boolean', description: 'Answers at once; the response is read later.' },
    metadata,
    instructions: { type: 'string', description: "Taken, and without effect: the persona's are used." },
  },
  ['input'],
  { model: 'transformation_analyst', input: question.content },
);

export const CONVERSATION_BODY = body({ items, metadata }, [], { metadata: { title: 'Sector health' } });
export const METADATA_BODY = body({ metadata }, ['metadata'], { metadata: { title: 'Education and healthcare' } });
export const ITEMS_BODY = body({ items }, ['items'], { items: [question] });
