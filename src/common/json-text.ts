const TEXT = Symbol('text');

/** `JSON.stringify` of a plain object of whose members some are `written` already. */
export function jsonText(object: object, written: Readonly<Record<string, string>>): string {
  let text = '';
  for (const [name, value] of Object.entries(object) as [string, unknown][]) {
    const part = Object.hasOwn(written, name) ? written[name] : (JSON.stringify(value) as string | undefined);
    // JSON knows no undefined; such members are left out.
    if (part !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${part}`;
  }
  return `{${text}}`;
}

/** When the answer `body` is sent, it is as this text, which is its JSON. */
export function sentAs(body: object, text: () => string): void {
  Object.defineProperty(body, TEXT, { value: text });
}

/** A body of which the JSON is there already. */
export function bodyOf(text: string): object {
  const body = {};
  sentAs(body, () => text);
  return body;
}

/** What is sent for an answer's body. */
export const bodyText = (body: unknown): string =>
  (body as { [TEXT]?: () => string } | null)?.[TEXT]?.() ?? JSON.stringify(body);
