import type { DatasetProfile } from '../../../../datasets/profile.js';
import type { Asked } from '../../turn.js';

/** Whether a word that would name a method is that of a column or of a value: "Predicted age", "Anomaly". */
export function namesColumn({ datasets }: Asked, word: string): boolean {
  const stem = word.toLowerCase().slice(0, 6);
  const holds = (text: string): boolean => text.toLowerCase().includes(stem);
  return datasets.some(({ columns }) =>
    columns.some(({ name, label, synonyms, values }) =>
      [name, label, ...synonyms, ...(values ?? []).slice(0, VALUES_SEEN)].some(holds),
    ),
  );
}

/** The most frequent ones. */
const VALUES_SEEN = 100;

/** The data set that the conversation is about; else the likeliest. */
export function likeliest({ datasets, history }: Asked): DatasetProfile | undefined {
  const last = history.findLast(({ understanding }) => understanding?.query)?.understanding?.query?.datasetId;
  return datasets.find(({ id }) => id === last) ?? datasets[0];
}
