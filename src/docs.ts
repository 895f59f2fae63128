import { STATUS_CODES } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** Serves Swagger UI at `/docs` and the document at `/docs/openapi.json`. */
export async function describeApi(app: NestFastifyApplication): Promise<void> {
  await Promise.resolve();
  // Made when it is first asked for: it takes memory and start-up time that most instances need not pay.
  SwaggerModule.setup('docs', app, () => apiDocument(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    yamlDocumentUrl: 'docs/openapi.yaml',
    customSiteTitle: 'Engram API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, tryItOutEnabled: true },
  });
}

/** The API document: from types, validators and comments. */
export function apiDocument(app: NestFastifyApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Engram')
    .setDescription('Chat that never loses a conversation and answers from real data.')
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', description: 'An access token from sign-in, or an API key.' })
    .addSecurityRequirements('bearer')
    .addServer('/')
    .build();
  const document = SwaggerModule.createDocument(app, about, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  for (const path of Object.values(document.paths)) {
    for (const method of ['get', 'put', 'post', 'delete', 'patch'] as const) {
      const operation = path[method];
      if (operation !== undefined) complete(operation);
    }
  }
  for (const schema of Object.values(document.components?.schemas ?? {})) {
    const properties = 'properties' in schema ? Object.values(schema.properties ?? {}) : [];
    for (const property of properties) {
      // Nest leaves the type out beside `allOf`, and `nullable` without one means nothing.
      if ('allOf' in property && property.nullable === true) property.type = 'object';
    }
  }
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM },
    responses: Object.fromEntries(
      Object.entries(COMMON).map(([status, description]) => [`Problem${status}`, problem(description)]),
    ),
  };
  return document;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & { 'x-public'?: true };
type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** What any operation of a kind may answer, so that no comment needs to repeat it. */
const COMMON = {
  400: 'The input is not valid; `errors` names each field.',
  401: 'No valid token: `missing_token`, `invalid_token`, `token_expired`.',
  403: 'Not for this caller: `account_disabled`, `admin_only`, `needs_session`.',
  413: 'The body is too large.',
  415: 'The body is of a type that is not read here.',
  429: 'Too many requests (`rate_limited`); `Retry-After` says for how many seconds.',
  503: 'The database is away or overloaded; `Retry-After` says for how many seconds.',
} as const;

function complete(operation: Operation): void {
  const isPublic = operation['x-public'] === true;
  delete operation['x-public'];
  if (isPublic) operation.security = [];
  const common: (keyof typeof COMMON)[] = isPublic ? [400, 503] : [400, 401, 403, 429, 503];
  if (operation.requestBody !== undefined) common.push(413, 415);

  for (const [status, response] of Object.entries(operation.responses)) {
    if (response === undefined || '$ref' in response) continue;
    response.description ||= STATUS_CODES[status] ?? 'Answer';
    if (Number(status) >= 400) response.content ??= problem('').content;
  }
  for (const status of common) {
    operation.responses[status] ??= { $ref: `#/components/responses/Problem${status}` };
  }
  for (const parameter of operation.parameters ?? []) {
    if (!('in' in parameter) || parameter.in !== 'path') continue;
    // A persona may also be named, a chat has the client's own id, and OpenAI's ids are others; every other id is a UUID.
    if (parameter.name === 'chatId') parameter.schema = { type: 'string', minLength: 1, maxLength: 128 };
    else if (!/^(?:Personas_|OpenAi)/.test(operation.operationId ?? '')) {
      parameter.schema = { type: 'string', format: 'uuid' };
    }
  }
  [operation.summary, operation.description] = headlineAndRest(operation.summary ?? '', operation.description);
}

/** A comment's first sentence is the headline in Swagger UI's list; the rest is read when it is opened. */
function headlineAndRest(comment: string, description: string | undefined): [string, string | undefined] {
  const [, headline = comment, rest = ''] = /^(.+?)\.(?:\s+(.+))?$/s.exec(comment.trim()) ?? [];
  const more = [rest, description ?? ''].filter((part) => part !== '').join('\n\n');
  return [headline.replaceAll(/\s+/g, ' '), more === '' ? undefined : more];
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const PROBLEM: Schema = {
  type: 'object',
  description: 'Every error (RFC 9457); `error` repeats it in the form that clients of OpenAI read.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'errors', 'error'],
  properties: {
    type: { type: 'string', example: 'about:blank' },
    title: { type: 'string', example: 'Bad Request' },
    status: { type: 'integer', example: 400 },
    detail: { type: 'string', example: 'limit must not be greater than 100.' },
    instance: { type: 'string', example: '/api/v1/conversations' },
    code: { type: 'string', description: 'A stable machine word.', example: 'validation_failed' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', example: 'limit' },
          message: { type: 'string', example: 'limit must not be greater than 100' },
        },
      },
    },
    error: {
      type: 'object',
      required: ['message', 'type', 'param', 'code'],
      properties: {
        message: { type: 'string', example: 'limit must not be greater than 100.' },
        type: { type: 'string', example: 'invalid_request_error' },
        param: { type: 'string', nullable: true, example: 'limit' },
        code: { type: 'string', example: 'validation_failed' },
      },
    },
  },
};
