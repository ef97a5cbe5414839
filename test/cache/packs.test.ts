import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NAME_BYTES, type Pack, readPack, readPacked, writePack } from '../../src/cache/pack-file.js';
import { addPack, mergePacks, readPacks, tooSmall } from '../../src/cache/packs.js';
import { newProject } from '../support/project.js';

const nameOf = (number: number) => Buffer.alloc(NAME_BYTES, number).toString('base64url');
const content = (number: number, text = `content ${number}`) => ({
  name: nameOf(number),
  bytes: Buffer.from(text),
  day: 20_000 + number,
});

function rethrow(error: unknown): never {
  throw error;
}

/** Returns the contents of packs by name. The last pack counts. */
function held(packs: readonly Pack[]): Record<string, string> {
  return Object.fromEntries(
    packs.flatMap(({ entries }) => entries.map((entry) => [entry.name, String(readPacked(entry))])),
  );
}

describe('a pack', () => {
  const project = newProject({});
  const file = project.path('one.pack');
  const contents = [content(1), content(2, ''), content(3)];
  const pack = writePack(file, contents);
  const bytes = fs.readFileSync(file);

  it('returns the contents that were written', () => {
    expect(readPack(file)).toEqual(pack);
    expect(held([pack])).toEqual({ [nameOf(1)]: 'content 1', [nameOf(2)]: '', [nameOf(3)]: 'content 3' });
    expect(pack.entries.map(({ day }) => day)).toEqual([20_001, 20_002, 20_003]);
  });

  it('never returns wrong bytes, whichever byte is damaged', () => {
    const damaged = project.path('damaged.pack');
    const lost = new Set<number>();
    for (let at = 0; at < bytes.length; at++) {
      const copy = Buffer.from(bytes);
      copy[at]! ^= 0x10;
      fs.writeFileSync(damaged, copy);
      const entries = readPack(damaged)?.entries ?? [];
      const read = entries.map((entry) => readPacked(entry)?.toString());
      lost.add(read.filter((text) => text !== undefined).length);
      for (const [index, text] of read.entries()) {
        expect([undefined, contents[index]!.bytes.toString()]).toContain(text);
      }
    }
    expect([...lost].sort()).toEqual([0, 2]); // its index, or one content
  });

  it('does not verify if it is cut short, or has more bytes', () => {
    const cut = project.path('cut.pack');
    for (let length = 0; length < bytes.length; length++) {
      fs.writeFileSync(cut, bytes.subarray(0, length));
      expect(readPack(cut)).toBeUndefined();
    }
    fs.writeFileSync(cut, Buffer.concat([bytes, Buffer.from('x')]));
    expect(readPack(cut)).toBeUndefined();
  });

  it('returns nothing once it is deleted', () => {
    const gone = writePack(project.path('gone.pack'), contents);
    fs.rmSync(gone.file);
    expect(readPacked(gone.entries[0]!)).toBeUndefined();
  });
});

describe('packs', () => {
  it('are none if there is no folder', () => {
    expect(readPacks(newProject({}).path('packs'), rethrow)).toEqual([]);
  });

  it('are in the order of writing, and the last content of a name counts', () => {
    const folder = newProject({}).path('packs');
    for (const text of ['first', 'second', 'third']) addPack(folder, [content(1, text)]);
    expect(held(readPacks(folder, rethrow))).toEqual({ [nameOf(1)]: 'third' });
  });

  it('leave out one that cannot be read, and report it', () => {
    const project = newProject({ 'packs/00000001-00000000.pack': { folder: true } });
    addPack(project.path('packs'), [content(1)]);
    const errors: unknown[] = [];
    const packs = readPacks(project.path('packs'), (error) => errors.push(error));
    expect(held(packs)).toEqual({ [nameOf(1)]: 'content 1' });
    expect(errors).toMatchObject([{ code: 'EISDIR' }]);
  });

  it('are merged when there are many small ones, without damaged contents', () => {
    const folder = newProject({}).path('packs');
    const numbers = Array.from({ length: 33 }, (_, index) => index);
    const made = numbers.map((number) => addPack(folder, [content(number), content(200, `of ${number}`)]));
    const damaged = made[7]!.entries[0]!;
    const bytes = fs.readFileSync(damaged.pack);
    bytes[damaged.start]! ^= 1;
    fs.writeFileSync(damaged.pack, bytes);
    expect(tooSmall(readPacks(folder, rethrow).slice(1))).toEqual([]);

    const small = tooSmall(readPacks(folder, rethrow));
    expect(small).toHaveLength(33);
    mergePacks(folder, small);
    const [merged, ...others] = readPacks(folder, rethrow);
    expect(others).toEqual([]);
    const whole = numbers.filter((number) => number !== 7);
    expect(held([merged!])).toEqual({
      ...Object.fromEntries(whole.map((number) => [nameOf(number), `content ${number}`])),
      [nameOf(200)]: 'of 32',
    });
    expect(merged!.entries.map(({ day }) => day)).toContain(20_032);
  });

  it('are not merged while they are large', () => {
    const folder = newProject({}).path('packs');
    const large = addPack(folder, [{ ...content(1), bytes: Buffer.alloc(1024 * 1024) }]);
    expect(tooSmall(Array(33).fill(large))).toEqual([]);
  });
});
