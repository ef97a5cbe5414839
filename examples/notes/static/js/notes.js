import { toggle } from './toggle.js';

const list = () => document.querySelector('ul');

export function addNote(text) {
  const item = document.createElement('li');
  item.textContent = text;
  item.addEventListener('click', () => toggle(item));
  list().append(item);
}

export function count() {
  return list().children.length;
}
