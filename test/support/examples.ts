import fs from 'node:fs';
import path from 'node:path';
import { newProject, SETTINGS } from './project.js';

const TOP = path.resolve(import.meta.dirname, '../..');

/** The code of a block that begins with a comment naming its file. */
export function example(document: string, name: string): string {
  const text = fs.readFileSync(path.join(TOP, document), 'utf8');
  const block = text.match(/```js\n[\s\S]*?```/g)?.find((code) => code.startsWith(`\`\`\`js\n// ${name}`));
  if (block === undefined) throw new Error(`${document} has no example ${name}`);
  return block.slice('```js\n'.length, -'```'.length);
}

/** A project with a module of an example. */
export function projectWith(document: string, name: string, settings: object) {
  const project = newProject(
    { 'static/a.txt': 'a', [name]: example(document, name), 'package.json': '{"type":"module"}' },
    { ...SETTINGS, ...settings },
  );
  fs.mkdirSync(project.path('node_modules'));
  fs.symlinkSync(TOP, project.path('node_modules/staticfiles'));
  return project;
}
