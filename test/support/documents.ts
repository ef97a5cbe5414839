import fs from 'node:fs';
import path from 'node:path';
import type { Project } from './project.js';

const TOP = path.resolve(import.meta.dirname, '../..');
/** A comment of any of the languages in the documents. */
const FILE_NAME = /^(?:\/\/-?|\{#|\{\{!--|<%#|<% \/\*) ((?:views\/)?\w+\.\w+)/;

/** The code blocks of a document that begin with a comment naming their file, by that name. */
export function examplesIn(document: string): Record<string, string> {
  const text = fs.readFileSync(path.join(TOP, document), 'utf8');
  const blocks = Array.from(text.matchAll(/^```\w+\n([\s\S]*?)^```$/gm), ([, code]) => code!);
  return Object.fromEntries(
    blocks.flatMap((code) => {
      const name = FILE_NAME.exec(code)?.[1];
      return name === undefined ? [] : [[name, code]];
    }),
  );
}

/** Lets the modules of a project import this package, and others that it has for its tests. */
export function linkPackages(project: Project, names: readonly string[] = []): void {
  fs.mkdirSync(project.path('node_modules'));
  fs.symlinkSync(TOP, project.path('node_modules/staticfiles'));
  for (const name of names)
    fs.symlinkSync(path.join(TOP, 'node_modules', name), project.path('node_modules', name));
}
