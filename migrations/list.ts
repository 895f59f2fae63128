import type { MixedList } from 'typeorm';

type Migration = Extract<MixedList<new () => object>, readonly unknown[]>[number];

/** Every migration, in the order it runs. Never reorder or edit one that was released. */
export const migrations: readonly Migration[] = [];
