import fs from 'node:fs';
import { expect, it } from 'vitest';
import { readSealedFile, seal, unseal, writeSealedFile } from '../../src/cache/sealed-file.js';
import { newProject } from '../support/project.js';

const BYTES = Buffer.from('what a run remembers');
const sealed = seal('record 4', BYTES);

it('sealed bytes are returned', () => {
  expect(unseal('record 4', sealed)).toEqual(BYTES);
  const file = newProject({}).path('cache/records/a.bin');
  expect(readSealedFile('record 4', file)).toBeUndefined();
  writeSealedFile('record 4', file, BYTES);
  expect(readSealedFile('record 4', file)).toEqual(BYTES);
});

it.each(['record 5', 'uses 4'])('bytes of another kind or version are not returned as %j', (kind) => {
  expect(unseal(kind, sealed)).toBeUndefined();
});

it('nothing is returned if a byte is damaged, missing or added', () => {
  for (let at = 0; at < sealed.length; at++) {
    const damaged = Buffer.from(sealed);
    damaged[at]! ^= 1;
    expect(unseal('record 4', damaged)).toBeUndefined();
    expect(unseal('record 4', sealed.subarray(0, at))).toBeUndefined();
  }
  expect(unseal('record 4', Buffer.concat([sealed, BYTES]))).toBeUndefined();
});

it('a system error is thrown as it is', () => {
  expect(() => readSealedFile('record 4', fs.realpathSync('.'))).toThrow('EISDIR');
});
