import { even } from './even.js';

export const odd = (n) => (n === 0 ? false : even(n - 1));
