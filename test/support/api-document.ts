import { readFileSync } from 'node:fs';

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly type?: string;
  readonly example?: unknown;
}

interface Media {
  readonly schema: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Described {
  readonly security?: readonly unknown[];
  readonly 'x-admin-only'?: true;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly example?: unknown;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Operation {
  readonly method: string;
  /** As in the document: `/api/v1/things/{id}`. */
  readonly path: string;
  readonly isPublic: boolean;
  readonly adminOnly: boolean;
  /** What it must have in its query, by the document's own examples: `?q=schools`, or empty. */
  readonly query: string;
  /** A JSON body made of the document's own examples; undefined when the operation takes none. */
  readonly body: unknown;
}

/** Every operation that the committed API document describes. */
export function operations(): Operation[] {
  const document = JSON.parse(readFileSync('test/snapshots/openapi.json', 'utf8')) as Document;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const json = described.requestBody?.content['application/json'];
      const [example] = Object.values(json?.examples ?? {});
      return {
        method: method.toUpperCase(),
        path,
        isPublic: described.security?.length === 0,
        adminOnly: described['x-admin-only'] === true,
        query: queryOf(described),
        body: example?.value ?? exampleOf(json?.schema ?? {}, document.components.schemas),
      };
    }),
  );
}

function queryOf({ parameters = [] }: Described): string {
  const needed = parameters.filter(({ in: where, required }) => where === 'query' && required === true);
  const query = new URLSearchParams(
    needed.map(({ name, example, schema }): [string, string] => [name, String(example ?? schema?.example)]),
  );
  return needed.length === 0 ? '' : `?${query.toString()}`;
}

function exampleOf(schema: Schema, named: Document['components']['schemas']): unknown {
  if (schema.example !== undefined) return schema.example;
  const [part] = schema.allOf ?? schema.oneOf ?? [];
  if (part !== undefined) return exampleOf(part, named);
  if (schema.$ref !== undefined) {
    const target = named[schema.$ref.split('/').at(-1) ?? ''];
    return target === undefined ? undefined : exampleOf(target, named);
  }
  if (schema.type === 'array' && schema.items !== undefined) {
    const item = exampleOf(schema.items, named);
    return item === undefined ? undefined : [item];
  }
  if (schema.properties === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(schema.properties)
      .map(([name, property]) => [name, exampleOf(property, named)] as const)
      .filter(([, value]) => value !== undefined),
  );
}
