// notes.js imports this file, and this one imports it: circular imports get names too.
import { count } from './notes.js';

export function toggle(item) {
  item.classList.toggle('done');
  document.title = `${document.querySelectorAll('.done').length} of ${count()} done`;
}
