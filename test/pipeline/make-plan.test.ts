import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/model/output.js';
import { keep, makePlan } from '../../src/pipeline/make-plan.js';
import { isDeletedFirst, isDeletedLast, type PlanOptions } from '../../src/pipeline/plan.js';
import type { Inventory, StoredFile } from '../../src/storages/storage.js';
import { inventoryOf, made, original } from '../support/outputs.js';

function plan(outputs: readonly Output[], inventory: Inventory, options: Partial<PlanOptions> = {}) {
  const { signal } = new AbortController();
  return makePlan(outputs, inventory, {
    ...{ link: false, clear: false, unchanged: () => true, signal },
    ...options,
  });
}

/** `copy a.css (new)`, for each step. */
async function steps(...args: Parameters<typeof plan>): Promise<string[]> {
  return (await plan(...args)).map(({ action, publicPath, reason }) => `${action} ${publicPath} (${reason})`);
}

const A = original('a.css');

const LINK: Partial<StoredFile> = { kind: 'link', linkTarget: '/src/a.css' };

const FOLDER: Partial<StoredFile> = { kind: 'directory' };

describe('an output', () => {
  const changed = { unchanged: () => false };
  const link = { link: true };

  it.each<[string, Partial<StoredFile>, Partial<PlanOptions>, Partial<Inventory>]>([
    ['keep a.css (unchanged)', {}, {}, {}],
    ['copy a.css (changed)', {}, changed, {}],
    ['copy a.css (changed)', {}, changed, { hasHeaders: () => false }],
    ['copy a.css (headers)', {}, {}, { hasHeaders: () => false }],
    ['keep a.css (unchanged)', {}, {}, { hasHeaders: () => true }],
    ['copy a.css (mode)', { mode: 0o600 }, {}, { fileMode: 0o644 }],
    ['keep a.css (unchanged)', { mode: 0o644 }, {}, { fileMode: 0o644 }],
    ['copy a.css (letter case)', {}, {}, { hasSpelling: () => false }],
    ['keep a.css (unchanged)', {}, {}, { hasSpelling: () => true }],
    ['copy a.css (clear)', {}, { clear: true }, { hasSpelling: () => false }],
    ['copy a.css (clear)', LINK, { clear: 'all' }, {}],
    ['copy a.css (wrong type)', FOLDER, { clear: true }, {}],
    ['copy a.css (wrong type)', { kind: 'other' }, {}, {}],
    ['copy a.css (link became file)', LINK, {}, {}],
    ['link a.css (file became link)', {}, link, {}],
    ['link a.css (link target changed)', { kind: 'link', linkTarget: '/old/a.css' }, link, {}],
    ['link a.css (clear)', LINK, { ...link, clear: true }, {}],
    ['link a.css (letter case)', LINK, link, { hasSpelling: () => false }],
    ['keep a.css (unchanged)', LINK, { ...link, ...changed }, {}],
  ])('gets the step %s for %j', async (step, stored, options, more) => {
    expect(await steps([A], inventoryOf({ 'a.css': stored }, more), options)).toEqual([step]);
  });

  it('is new if nothing is there, as a copy or a link', async () => {
    expect(await steps([A], inventoryOf({}))).toEqual(['copy a.css (new)']);
    expect(await steps([A], inventoryOf({}), link)).toEqual(['link a.css (new)']);
  });

  it('that a processor made is copied, not linked', async () => {
    expect(await steps([made('b.css')], inventoryOf({}), link)).toEqual(['copy b.css (new)']);
    const renamed = { ...A, publicPath: 'a.27e2.css' };
    expect(await steps([renamed], inventoryOf({}), link)).toEqual(['copy a.27e2.css (new)']);
  });

  it('comes with what it replaces, and only then', async () => {
    const inventory = inventoryOf({ 'a.css': { size: 7 } });
    expect(await plan([A, original('b.css')], inventory, changed)).toMatchObject([
      { replaces: true, stored: { kind: 'file', size: 7 }, output: A },
      { replaces: false },
    ]);
    const [kept] = await plan([A], inventory);
    expect(kept).toEqual({
      action: 'keep',
      publicPath: 'a.css',
      reason: 'unchanged',
      replaces: true,
      output: A,
    });
  });

  it('that the session has published is kept without a look', async () => {
    const inventory = inventoryOf({}, { get: () => expect.fail('It looked.') });
    const knownToStay = (output: Output) => (output === A ? keep(A) : undefined);
    expect(await steps([A], inventory, { knownToStay })).toEqual(['keep a.css (unchanged)']);
  });

  it('whose source cannot be read is named', async () => {
    const unchanged = () => {
      throw Object.assign(new Error('x'), { code: 'EACCES' });
    };
    await expect(plan([A], inventoryOf({ 'a.css': {} }), { unchanged })).rejects.toMatchObject({
      code: 'source',
      message: "Cannot read '/src/a.css': permission denied.",
    });
  });

  it('must not have the name of another one for the storage', async () => {
    const outputs = [A, original('A.css')];
    const inventory = inventoryOf({}, { fold: (path) => path.toLowerCase() });
    await expect(plan(outputs, inventory)).rejects.toMatchObject({ code: 'source' });
  });
});

describe('what is in the way', () => {
  it('is a file or link at the path of a folder', async () => {
    const inventory = inventoryOf({ css: {}, js: LINK, img: FOLDER, other: {} });
    const outputs = ['css/x/a.css', 'js/a.js', 'img/a.png'].map((path) => original(path));
    expect((await steps(outputs, inventory)).slice(3)).toEqual([
      'delete css (in the way)',
      'delete js (in the way)',
    ]);
  });

  it('is everything but folders in a folder at the path of a file', async () => {
    const inventory = inventoryOf({ 'a.css': FOLDER, 'a.css/x': FOLDER, 'a.css/x/y': {}, 'a.cssx': {} });
    expect((await steps([A], inventory)).slice(1)).toEqual(['delete a.css/x/y (in the way)']);
    const folding = inventoryOf({ 'a.css': FOLDER, 'A.css/y': {} }, { fold: (path) => path.toLowerCase() });
    expect((await steps([A], folding)).slice(1)).toEqual(['delete A.css/y (in the way)']);
  });

  it('is nothing for an output that stays', async () => {
    const inventory = inventoryOf({ css: LINK, 'css/a.css': {} });
    expect(await steps([original('css/a.css')], inventory)).toEqual(['keep css/a.css (unchanged)']);
  });

  it('is deleted once, also with clear', async () => {
    expect(
      (await steps([original('css/a.css')], inventoryOf({ css: {} }), { clear: true })).slice(1),
    ).toEqual(['delete css (in the way)']);
  });
});

describe('with clear', () => {
  const inventory = inventoryOf({ css: FOLDER, old: FOLDER, 'css/old.css': {}, 'mine.txt': {} });
  const isOwn = (path: string) => path !== 'mine.txt';

  it('what runs have published is deleted, and the rest is spared', async () => {
    const spared: string[] = [];
    const options = { clear: true, isOwn, onSpared: (path: string) => spared.push(path) };
    expect((await steps([original('css/a.css')], inventory, options)).slice(1)).toEqual([
      'delete old (empty folder)',
      'delete css/old.css (not collected)',
    ]);
    expect(spared).toEqual(['mine.txt']);
  });

  it.each<Partial<PlanOptions>>([{ clear: 'all', isOwn }, { clear: true }])(
    'the rest is deleted too: %j',
    async (options) => {
      expect(await steps([original('css/a.css')], inventory, options)).toContain(
        'delete mine.txt (not collected)',
      );
    },
  );

  it('what the storage takes for an output stays', async () => {
    const folding = inventoryOf({ Css: FOLDER, 'Css/A.css': {} }, { fold: (path) => path.toLowerCase() });
    expect(await steps([original('css/a.css')], folding, { clear: true })).toEqual(['copy css/a.css (new)']);
  });
});

it('stale variants are deleted first, and all but what is in the way last', () => {
  const entry = { publicPath: 'a', replaces: true } as const;
  const stale = { ...entry, action: 'delete', reason: 'stale variant' } as const;
  const old = { ...entry, action: 'delete', reason: 'not collected' } as const;
  const inTheWay = { ...entry, action: 'delete', reason: 'in the way' } as const;
  const copy = { ...entry, action: 'copy', reason: 'changed' } as const;
  expect([stale, old, inTheWay, copy].map(isDeletedFirst)).toEqual([true, false, false, false]);
  expect([stale, old, inTheWay, copy].map(isDeletedLast)).toEqual([false, true, false, false]);
});
