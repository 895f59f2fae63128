import { setFlagsFromString } from 'node:v8';

/*
 * Without these V8 takes what memory there is: garbage of the start stays for hours, and under load the heap grows to several
 * times what is alive before it is tidied. Both flags may be changed at any time; V8 looks at them when it next grows.
 */

/** The space for new objects stays as small as it begins, since nearly all that a start makes is to stay. */
export function startSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  // Half again of what was alive, then the old objects are tidied.
  setFlagsFromString('--heap-growing-percent=50');
}

/** Requests make much that is soon forgotten, which is cheapest with room for it. */
export function serve(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}
