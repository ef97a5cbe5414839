import assert from 'node:assert/strict';
import zlib from 'node:zlib';
import { contentInfo } from '../../model/content.js';
import { type CaseBody, DoesNotApply } from '../case.js';
import { NO_SIGNAL, output, publishAll, textOutput } from '../publishing.js';

const TEXT = 'a { color: red }\n'.repeat(100);

export const encodingCases: Readonly<Record<string, CaseBody>> = {
  async 'the inventory knows what a compressed file decodes to'({ open }) {
    await publishAll(await open(), [
      textOutput('a.css', TEXT),
      output('a.css.gz', { kind: 'bytes', bytes: zlib.gzipSync(TEXT) }),
      output('a.css.br', { kind: 'bytes', bytes: zlib.brotliCompressSync(TEXT) }),
    ]);
    const inventory = await (await open()).inventory(NO_SIGNAL);
    if (inventory.decodesTo === undefined) throw new DoesNotApply();
    const decodes = (publicPath: string, encoding: string, text: string) =>
      inventory.decodesTo!(publicPath, encoding, contentInfo(Buffer.from(text), 'sha384'));
    const results = [
      decodes('a.css.gz', 'gzip', TEXT),
      decodes('a.css.br', 'br', TEXT),
      decodes('a.css.gz', 'gzip', `${TEXT} `),
      decodes('a.css.gz', 'gzip', TEXT.slice(1)),
      decodes('a.css.gz', 'br', TEXT),
      decodes('a.css', 'gzip', TEXT),
    ];
    const message =
      'Whether it decodes: as gzip, as br, to a longer text, to a shorter text, with another encoding, without one.';
    assert.deepEqual(await Promise.all(results), [true, true, false, false, false, false], message);
  },
};
