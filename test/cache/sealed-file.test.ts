import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  openSealedParts,
  readSealedFile,
  seal,
  unseal,
  writeSealedFile,
  writeSealedParts,
} from '../../src/cache/sealed-file.js';
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

describe('parts of a file', () => {
  const file = newProject({}).path('cache/records/parts.bin');
  const parts = new Map([
    ['a', Buffer.from('first')],
    ['empty', Buffer.alloc(0)],
    ['b', BYTES],
  ]);
  /** Each in two pieces. */
  const write = (contents: ReadonlyMap<string, Buffer>) => {
    const inPieces = Array.from(
      contents,
      ([name, bytes]) => [name, [bytes.subarray(0, 1), bytes.subarray(1)]] as const,
    );
    writeSealedParts('record 4', file, inPieces);
  };
  const readAll = () => {
    const opened = openSealedParts('record 4', file);
    return opened?.names.map((name) => [name, opened.read(name)] as const);
  };

  it('are read one by one', () => {
    expect(readAll()).toBeUndefined();
    write(parts);
    expect(readAll()).toEqual([...parts]);
    expect(openSealedParts('record 4', file)!.read('c')).toBeUndefined();
    expect(openSealedParts('record 5', file)).toBeUndefined();
  });

  it('are returned only if they are whole, wherever a byte is damaged or missing', () => {
    write(parts);
    const whole = fs.readFileSync(file);
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1;
      for (const bytes of [damaged, whole.subarray(0, at)]) {
        fs.writeFileSync(file, bytes);
        const read = readAll() ?? [];
        for (const [name, part] of read) expect([parts.get(name), undefined]).toContainEqual(part);
        expect(read.filter(([, part]) => part !== undefined).length).toBeLessThan(parts.size);
      }
    }
  });

  it('are not taken from another file that has replaced it', () => {
    write(parts);
    const opened = openSealedParts('record 4', file)!;
    write(new Map([...parts].map(([name, bytes]) => [name, Buffer.alloc(bytes.length)])));
    expect(opened.read('b')).toBeUndefined();
    fs.rmSync(file);
    expect(opened.read('b')).toBeUndefined();
  });
});
