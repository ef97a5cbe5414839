import { randomFrom } from '../../../support/random.js';
import type { Choose } from './explore.js';

/** Chooses by chance, and the same again for the same seed: mostly that a run goes on. */
export function seeded(seed: number): Choose {
  const random = randomFrom(seed);
  return (count) => (random() < 0.7 ? 0 : Math.floor(random() * count));
}
