import v8 from 'node:v8';
import type { Plan } from '../plan.js';

/** With so many files memory is worth more than the tenth of the time that this takes. */
const MANY = 20_000;

/**
 * Has garbage collected sooner where a plan is large: before the heap has grown by a fifth, not only when it has doubled.
 * Of all flags of V8 (https://nodejs.org/api/v8.html#v8setflagsfromstringflags) this one may be set at any time: it is
 * looked at after each collection.
 */
export function keepHeapSmall(plan: Plan): void {
  if (plan.length >= MANY) v8.setFlagsFromString('--heap-growing-percent=20');
}
