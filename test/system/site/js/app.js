import { shout } from 'greeting';
import { even } from './even.js';

const { lazy } = await import('./lazy.js');
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
const answer = await new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.postMessage(20);
});
const { name } = await import('app/named.js');
await document.fonts.load('16px Icons');
document.title = [shout('hello'), even(10), lazy, answer, name].join(' ');
