import type { DatasetProfile } from '../../../../datasets/profile.js';
import type { Asked } from '../../turn.js';

/** Whether a word that would name a method is the name of a column: "Predicted age", "Anomaly". */
export function namesColumn({ datasets }: Asked, word: string): boolean {
  const stem = word.toLowerCase().slice(0, 6);
  const holds = (text: string): boolean => text.toLowerCase().includes(stem);
  return datasets.some(({ columns }) =>
    columns.some(({ name, label, synonyms, values }) =>
      [name, label, ...synonyms].some(holds) ? true : (values ?? []).slice(0, 100).some(holds),
    ),
  );
}

/** The data set that the conversation is about; else the likeliest. */
export function likeliest({ datasets, history }: Asked): DatasetProfile | undefined {
  const last = history.findLast(({ understanding }) => understanding?.query)?.understanding?.query?.datasetId;
  return datasets.find(({ id }) => id === last) ?? datasets[0];
}
