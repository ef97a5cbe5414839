import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scanCss } from '../../src/references/css/css.js';
import { scanJavaScript } from '../../src/references/javascript/javascript.js';
import { cssReferences } from './css-oracle.js';
import { expectInvariant, foundBy } from './found.js';
import { javascriptReferences } from './javascript-oracle.js';
import { PACKAGES } from './packages.js';

const NODE_MODULES = path.resolve(import.meta.dirname, '../../node_modules');

describe.each(PACKAGES)('%s', (name) => {
  it('has exactly the references that the parsers find', () => {
    const files = filesOf(path.join(NODE_MODULES, name));
    expect(files).not.toEqual([]);
    for (const [file, bytes] of contentsOf(files)) compare(file, bytes);
  });
});

/** Each content once: packages hold many copies. */
function contentsOf(files: readonly string[]): [file: string, bytes: Buffer][] {
  const contents = new Map<string, [string, Buffer]>();
  for (const file of files) {
    const bytes = fs.readFileSync(file);
    contents.set(createHash('sha1').update(bytes).digest('hex'), [file, bytes]);
  }
  return [...contents.values()];
}

function filesOf(folder: string): string[] {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && /\.(?:css|m?js)$/.test(entry.name));
  return names.map((entry) => path.join(entry.parentPath, entry.name));
}

function compare(file: string, bytes: Buffer): void {
  const [scan, oracle] = file.endsWith('.css')
    ? ([scanCss, cssReferences] as const)
    : ([scanJavaScript, javascriptReferences] as const);
  const scanned = scan(bytes);
  expect(scanned.warnings, file).toEqual([]);
  expect(foundBy(bytes, scanned), file).toEqual(oracle(bytes.toString('utf8').replace(/^\ufeff/, '')));
  if (scanned.references.length > 0) expectInvariant(scan, bytes, scanned);
}
