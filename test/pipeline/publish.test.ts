import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/model/output.js';
import type { PlanEntry, Publication } from '../../src/pipeline/plan.js';
import { changesOf, type PublishOptions, publish } from '../../src/pipeline/publish.js';
import type {
  Commit,
  RemoveOptions,
  Storage,
  WriteOptions,
  WriteRequest,
} from '../../src/storages/storage.js';
import { made } from '../support/outputs.js';

/** A storage that notes its calls: `files: write a.css b.css`. */
function noting(name: string, calls: string[], failing?: string) {
  const requests: WriteRequest[] = [];
  const written: WriteOptions[] = [];
  const removed: RemoveOptions[] = [];
  const commits: Commit[] = [];
  const note = async (call: string) => {
    calls.push(`${name}: ${call}`);
    if (call === failing) throw new Error('pulled the plug');
  };
  const storage: Storage = {
    name,
    inventory: () => expect.fail(),
    readText: () => expect.fail(),
    async write(files, options) {
      requests.push(...files);
      written.push(options);
      options.progress?.(files.length, 10 * files.length);
      await note(`write ${files.map(({ publicPath }) => publicPath).join(' ')}`.trim());
    },
    async remove(paths, options) {
      removed.push(options);
      await note(`remove ${paths.join(' ')}`);
    },
    async commit(commit) {
      commits.push(commit);
      await note('commit');
    },
  };
  return { storage, requests, written, removed, commits };
}

function write(publicPath: string, replaces = false, more: Partial<Output> = {}): PlanEntry {
  const output = made(publicPath, publicPath, more);
  return { action: 'copy', publicPath, reason: replaces ? 'changed' : 'new', replaces, output };
}

function deletion(publicPath: string, reason: PlanEntry['reason'] = 'not collected'): PlanEntry {
  return { action: 'delete', publicPath, reason, replaces: true };
}

const MANIFEST = { role: 'manifest' } as const;

const PLAN: readonly PlanEntry[] = [
  deletion('old.js.gz', 'stale variant'),
  write('changed.js', true),
  write('new.js'),
  { ...write('same.js', true), action: 'keep', reason: 'unchanged' },
  write('new.js.gz', false, { variantOf: 'new.js' }),
  write('other.js', true),
  write('changed.js.gz', false, { variantOf: 'changed.js' }),
  write('staticfiles.details.json', true, MANIFEST),
  write('staticfiles.json', true, MANIFEST),
  deletion('css', 'in the way'),
  deletion('old.js'),
];

async function run(
  plan: readonly PlanEntry[],
  options: Partial<PublishOptions> = {},
  manifest?: readonly PlanEntry[],
  failing?: string,
) {
  const calls: string[] = [];
  const files = noting('files', calls, failing);
  const own = noting('own', calls);
  const publication = (each: readonly PlanEntry[], { storage }: { storage: Storage }): Publication => ({
    plan: each,
    storage,
  });
  const { signal } = new AbortController();
  const outcome = publish(publication(plan, files), manifest && publication(manifest, own), {
    ...{ done() {}, progress() {}, signal },
    ...options,
  });
  const error = await outcome.catch((thrown: unknown) => thrown);
  return { calls, files, own, error };
}

describe('the phases', () => {
  it('are: stale variants, new files, replaced files with variants, manifests one by one, deletions', async () => {
    const { calls } = await run(PLAN);
    expect(calls).toEqual([
      'files: remove old.js.gz',
      'files: write new.js new.js.gz',
      'files: write changed.js changed.js.gz other.js',
      'files: write staticfiles.details.json',
      'files: write staticfiles.json',
      'files: remove old.js',
      'files: commit',
    ]);
  });

  it('with another storage for the manifest: it is written before the deletions, and committed last', async () => {
    const { calls } = await run([write('a.js'), deletion('old.js')], {}, [
      deletion('m.json.gz', 'stale variant'),
      write('m.json', false, MANIFEST),
    ]);
    expect(calls).toEqual([
      'own: remove m.json.gz',
      'files: write a.js',
      'files: write',
      'own: write m.json',
      'files: remove old.js',
      'files: commit',
      'own: commit',
    ]);
  });

  it('of deletions begin with the manifests of the releases, whose ids the storage gets', async () => {
    const deletedReleases = new Map([['v1', 'v1/staticfiles.json']]);
    const plan = [deletion('a.js'), deletion('v1/staticfiles.json'), deletion('b.js')];
    const { calls, files } = await run(plan, { deletedReleases });
    expect(calls.slice(2, 4)).toEqual(['files: remove v1/staticfiles.json', 'files: remove a.js b.js']);
    expect(files.removed.map(({ going }) => going)).toEqual([['v1'], ['v1']]);
  });

  it.each([
    ['write new.js new.js.gz', 2],
    ['write staticfiles.json', 5],
    ['commit', 7],
  ])('end if a call fails: %s', async (failing, count) => {
    const { calls, error } = await run(PLAN, {}, [write('m.json')], failing);
    expect(calls).toHaveLength(count);
    expect(error).toMatchObject({ code: 'plugin', message: "The storage 'files' failed: pulled the plug" });
  });

  it('do not begin if a path is not below the destination', async () => {
    for (const [plan, manifest] of [
      [[deletion('a.js', 'stale variant'), write('../a')], undefined],
      [[write('a.js')], [write('/b')]],
    ] as const) {
      const { calls, error } = await run(plan, {}, manifest);
      expect([calls, error]).toEqual([[], expect.any(Error)]);
    }
  });
});

describe('a storage gets', () => {
  it('what to write, and how', async () => {
    const link = { ...write('a.js'), action: 'link' } as const;
    const headers = { ...write('b.js'), reason: 'headers' } as const;
    const { files } = await run([link, headers]);
    const [a, b] = files.requests;
    expect(a).toEqual({ publicPath: 'a.js', body: link.output!.body, link: true, output: link.output });
    expect(b).toMatchObject({ publicPath: 'b.js', link: false, headersOnly: true });
  });

  it.each<[boolean, boolean, PublishOptions['watching']]>([
    [true, true, false],
    [false, false, false],
    [false, true, true],
  ])(
    'replacesManifest %s, if a manifest is replaced: %s, and other runs follow: %s',
    async (expected, replaces, watching) => {
      const { files } = await run([write('a.js', true), write('staticfiles.json', replaces, MANIFEST)], {
        watching: watching ?? false,
      });
      expect(files.written.map(({ replacesManifest }) => replacesManifest)).toEqual([
        expected,
        expected,
        expected,
      ]);
      const { files: beside } = await run([write('a.js')], { watching: watching ?? false }, [
        write('m.json', replaces, MANIFEST),
      ]);
      expect(beside.written[0]).toMatchObject({ replacesManifest: expected });
    },
  );

  it('what has changed, and what is published there', async () => {
    const published = [made('a.js')];
    const publishedManifest = [made('m.json')];
    const plan = [write('a.js'), { ...write('b.js', true), action: 'keep' } as const, deletion('c.js')];
    const { files, own } = await run(plan, { published, publishedManifest }, [write('m.json')]);
    expect(files.commits).toMatchObject([
      { published, changed: [{ publicPath: 'a.js' }, { publicPath: 'c.js' }] },
    ]);
    expect(own.commits).toMatchObject([
      { published: publishedManifest, changed: [{ publicPath: 'm.json' }] },
    ]);
  });
});

it('progress counts the files and bytes of all phases', async () => {
  const seen: unknown[] = [];
  await run([write('a.js'), write('b.js'), write('c.js', true), write('m.json', true, MANIFEST)], {
    progress: (...args) => seen.push(args),
  });
  expect(seen).toEqual([
    [2, 4, 20],
    [3, 4, 30],
    [4, 4, 40],
  ]);
});

it('a changed file is immutable by its name, unless it was deleted or had other bytes', () => {
  const hashed = { logicalPath: 'a.js' };
  const plan = [
    write('a.1234.js', false, hashed),
    write('a.5678.js', true, hashed),
    write('a.js'),
    deletion('a.0000.js'),
  ];
  expect(changesOf(plan)).toEqual([
    { publicPath: 'a.1234.js', immutable: true },
    { publicPath: 'a.5678.js', immutable: false },
    { publicPath: 'a.js', immutable: false },
    { publicPath: 'a.0000.js', immutable: false },
  ]);
});
