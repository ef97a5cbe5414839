import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const TOP = path.resolve(import.meta.dirname, '../..');
const DIST = path.join(TOP, 'dist');
const { dependencies, peerDependencies } = JSON.parse(
  fs.readFileSync(path.join(TOP, 'package.json'), 'utf8'),
) as Record<'dependencies' | 'peerDependencies', Record<string, string>>;

const files = fs.readdirSync(DIST, { recursive: true, encoding: 'utf8' });

function textOf(file: string): string {
  return fs.readFileSync(path.join(DIST, file), 'utf8');
}

/** The packages that a built file imports. */
function packagesIn(file: string): string[] {
  const code = textOf(file).replace(/\/\*[\s\S]*?\*\//g, '');
  const specifiers = [
    ...code.matchAll(/^(?:import|export) [^;]*?from "([^".][^"]*)"|\bimport\("([^".][^"]*)"\)/gm),
  ];
  return specifiers
    .map(([, fixed, lazy]) => fixed ?? lazy!)
    .filter((specifier) => !specifier.startsWith('node:'))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0]);
}

it.each(['.js', '.d.ts'])('%s files import only packages that are installed with this one', (extension) => {
  const imported = files.filter((file) => file.endsWith(extension)).flatMap(packagesIn);
  const known = Object.keys({ ...dependencies, ...peerDependencies });
  expect([...new Set(imported)].filter((name) => !known.includes(name))).toEqual([]);
});

it('licences.txt has the licence of each package whose code is in the bundle', () => {
  const scripts = files.filter((file) => file.endsWith('.js')).map(textOf);
  const bundled = scripts.flatMap((code) =>
    Array.from(code.matchAll(/^\/\/ .*node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm), ([, name]) => name!),
  );
  expect(bundled).toEqual(expect.arrayContaining(['commander', 'parse5', '@nodelib/fs.walk']));
  const licences = textOf('licences.txt');
  expect([...new Set(bundled)].filter((name) => !licences.includes(`\n${name} `))).toEqual([]);
});

it('no chunk comes with an application that looks up names, except those of the look-up', () => {
  for (const entry of ['runtime/lookup.js', 'runtime/tags.js', 'runtime/templates/locals.js'])
    expect(textOf(entry).match(/from "[^"]+"/g)).toEqual([expect.stringMatching(/\/chunks\/lookup\.js"$/)]);
  expect(textOf('chunks/lookup.js')).not.toMatch(/^import\b|\bprocess\b/m);
});
