import { greeting } from 'greeting';
import { addNote } from './notes.js';

document.querySelector('h1').textContent = greeting('reader');
document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  addNote(event.target.elements.note.value);
  event.target.reset();
});
addNote('Read the notes');
