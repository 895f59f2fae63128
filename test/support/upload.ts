/** A form with a file, and its other fields. */
export function fileForm(
  content: string | Uint8Array,
  fields: Readonly<Record<string, string>> = {},
  fileName = 'table.csv',
): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append('file', new Blob([typeof content === 'string' ? content : Buffer.from(content)]), fileName);
  return data;
}
