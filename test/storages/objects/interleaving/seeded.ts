import type { Choose } from './explore.js';

/** Chooses by chance, and the same again for the same seed: mostly that a run goes on. */
export function seeded(seed: number): Choose {
  let state = seed;
  // Mulberry32, a small generator of numbers from 0 to 1.
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return (count) => (random() < 0.7 ? 0 : Math.floor(random() * count));
}
