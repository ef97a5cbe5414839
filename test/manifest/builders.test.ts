import { expect, it } from 'vitest';
import { buildDetails, detailsBuilder } from '../../src/manifest/details.js';
import { buildManifest, manifestBuilder } from '../../src/manifest/manifest.js';
import type { HashedOutput } from '../../src/model/content.js';

function output(
  logicalPath: string,
  publicPath = logicalPath,
  more: Partial<HashedOutput> = {},
): HashedOutput {
  const content = { hash: 'h', size: publicPath.length, integrity: `sha384-${publicPath}` };
  return { logicalPath, publicPath, body: { kind: 'bytes', bytes: Buffer.of() }, content, ...more };
}

const [a, b, ten] = [output('a.css'), output('b.css', 'b.1.css'), output('10', '10')];
const plainB = output('b.css');
const variants = ['gz', 'br'].map((extension) =>
  output('b.css', `b.1.css.${extension}`, { variantOf: 'b.1.css' }),
);
const astral = [output('\u{1f600}.css'), output('\uff00.css')];

/** The outputs of consecutive runs. */
const RUNS: readonly (readonly HashedOutput[])[] = [
  [],
  [a, plainB, b],
  [a, plainB, b, ten],
  [a, plainB, output('b.css', 'b.2.css'), ten],
  [a, plainB, b, ten, ...variants],
  [a, plainB, b, ten, variants[0]!],
  [a, plainB, b, ten, ...variants],
  [output('a.css'), b, ...astral, ...variants],
  [b, plainB, a, ...astral],
  [a, output('c.css', 'c.1.css', { aliases: ['copy.css'] })],
  [a, output('c.css', 'c.1.css'), output('c.css', 'c.2.css')],
  [output('a.css.gz'), a],
  [plainB],
  [],
];

it('the builders of a session write the bytes that those of a single run write', async () => {
  const session = { manifest: manifestBuilder(), details: detailsBuilder() };
  for (const [index, outputs] of RUNS.entries()) {
    const more = index % 2 === 0 ? {} : { release: 'r1' };
    const manifest = buildManifest(outputs, more);
    expect(session.manifest(outputs, more), `run ${index}`).toEqual(manifest);
    const options = index === 11 ? { sourceVariants: new Set(['a.css.gz']) } : {};
    const details = String(await session.details(outputs, manifest.hash, options));
    expect(details, `run ${index}`).toBe(String(await buildDetails(outputs, manifest.hash, options)));
  }
});
