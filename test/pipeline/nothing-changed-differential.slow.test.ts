import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type CollectOptions, type CollectSummary, collectBriefly } from '../../src/collectstatic.js';
import { StaticFilesError } from '../../src/errors.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import type { UserSettings } from '../../src/settings/settings.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { randomFrom } from '../support/random.js';

const BASE: UserSettings = {
  ...SETTINGS,
  cacheDir: 'cache',
  staticfilesDirs: ['static', 'more'],
  postProcess: [['fingerprint', { missing: 'warn' }], 'compress'],
};

/** Settings of which a project has one at a time. */
const SETTINGS_TO_TRY: readonly UserSettings[] = [
  BASE,
  BASE, // most runs have these
  { ...BASE, postProcess: [] },
  { ...BASE, postProcess: [['fingerprint', { missing: 'warn', exclude: ['a.css', 'no/*'] }]] },
  { ...BASE, ignore: ['*.png', 'nothing'] },
  { ...BASE, importmap: { entries: { app: 'main.js' }, file: 'map.json' } },
  { ...BASE, manifest: { name: 'other.json' } },
  { ...BASE, manifest: { storage: { options: { location: 'build' } } } },
  { ...BASE, conflicts: 'error' },
];

const OPTIONS_TO_TRY: readonly CollectOptions[] = [
  ...Array<CollectOptions>(6).fill({}),
  { ignore: ['b.*'] },
  { clear: true },
  { checksum: true },
  { dryRun: true },
  { prune: { keep: 1, olderThan: 0 } },
];

const NAMES = ['a.css', 'b.txt', 'c.png', 'main.js', 'sub/d.svg', 'sub/app.css.gz', '.hidden'];

const TEXTS = [
  "a { background: url('c.png') }\n",
  "a { background: url('gone.png') }\n",
  "import 'bare'; import './main.js';\n",
  "export const load = (name) => import('./sub/' + name + '.js');\n",
  `<svg xmlns="http://www.w3.org/2000/svg">${'<g/>'.repeat(40)}</svg>\n`,
  'one text',
  'two text',
];

type Edit = (project: Project) => void;

/** Makes up one edit, which does the same in every project. */
function newEdit(random: () => number): Edit {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const source = `${pick(['static', 'more'])}/${pick(NAMES)}`;
  const [text, other, number] = [pick(TEXTS), `static/${pick(NAMES)}`, random()];
  const edits: readonly Edit[] = [
    ({ write }) => write({ [source]: text }), // with one time, and often in its size
    ({ write }) => write({ [source]: { text, mtime: 1.7e9 } }),
    ({ path }) => fs.rmSync(path(source), { force: true }),
    ({ path }) => renameIfAny(path(source), path(other)),
    (project) => withPublished(project, number, (file) => fs.rmSync(file)),
    (project) => withPublished(project, number, (file) => fs.appendFileSync(file, '\n')),
    (project) => withPublished(project, number, (file) => fs.chmodSync(file, 0o600)),
    (project) => withPublished(project, number, swapLetters),
    ({ path }) => fs.existsSync(path('root')) && fs.writeFileSync(path('root/staticfiles.json.br'), text),
    ({ path }) => fs.rmSync(path('root/.staticfiles-run.json'), { force: true }),
    ({ path }) => fs.rmSync(path('cache/records'), { recursive: true, force: true }),
    ({ path }) => fs.rmSync(path('cache/compressed/uses'), { recursive: true, force: true }),
    ({ path }) => damage(path('cache/records'), number),
  ];
  return pick(edits);
}

function renameIfAny(from: string, to: string): void {
  if (!fs.existsSync(from)) return;
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.renameSync(from, to);
}

/** Does something to one of the published files, and of the manifests. */
function withPublished({ path: at, tree }: Project, number: number, change: (file: string) => void): void {
  const names = Object.keys(tree()).sort();
  if (names.length > 0) change(at('root', names[Math.floor(number * names.length)]!));
}

/** Changes bytes, and keeps size and time. */
function swapLetters(file: string): void {
  if (!file.endsWith('.json')) return; // by design, neither way reads other files of the same size and time
  const { atime, mtime } = fs.statSync(file);
  fs.writeFileSync(file, fs.readFileSync(file, 'latin1').replaceAll('c', 'd'), 'latin1');
  fs.utimesSync(file, atime, mtime);
}

function damage(folder: string, number: number): void {
  if (!fs.existsSync(folder)) return;
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    const bytes = fs.readFileSync(file);
    bytes[Math.floor(number * bytes.length)]! ^= 0x55;
    fs.writeFileSync(file, bytes);
  }
}

interface Outcome {
  readonly result: unknown;
  readonly trees: unknown;
  readonly isAnswered: boolean;
}

async function outcome(project: Project, settings: UserSettings, options: CollectOptions, whole: boolean) {
  let isAnswered = true;
  const atOnce: string[] = [];
  const resolved = await resolveSettings(settings, { baseDir: project.dir });
  const { digest, ...withoutDigest } = resolved;
  const result = await collectBriefly(whole ? withoutDigest : resolved, {
    ...options,
    onPlan: () => {
      isAnswered = false;
    },
    onWarning: ({ message }) => atOnce.push(message),
  }).then(resultOf, errorOf);
  const text = JSON.stringify([result, atOnce]).replaceAll(project.dir, '{TMP}');
  return { result: JSON.parse(text), trees: [project.tree(), project.tree('build')], isAnswered } as Outcome;
}

function resultOf({ milliseconds, pruned, ...result }: CollectSummary) {
  return { ...result, files: pruned?.plan.files.map(({ publicPath }) => publicPath) };
}

function errorOf(error: unknown) {
  if (!(error instanceof StaticFilesError)) throw error;
  return { code: error.code, message: error.message };
}

it.each([2, 4, 6, 9])(
  'a run that may be answered from the record does what a whole run does (%i)',
  async (seed) => {
    const random = randomFrom(seed);
    const tree = { 'static/a.css': TEXTS[0]!, 'static/c.png': 'png', 'more/b.txt': 'text', 'more/a.css': '' };
    const [quick, whole] = [newProject(tree), newProject(tree)];
    let settings = BASE;
    let answered = 0;
    for (let step = 0; step < 18; step++) {
      if (random() < 0.5) {
        const edit = newEdit(random);
        edit(quick);
        edit(whole);
      }
      if (random() < 0.15) settings = SETTINGS_TO_TRY[Math.floor(random() * SETTINGS_TO_TRY.length)]!;
      const options = OPTIONS_TO_TRY[Math.floor(random() * OPTIONS_TO_TRY.length)]!;
      if (random() < 0.8) await pause(25); // else the sources are younger than a tick of the clock
      const one = await outcome(quick, settings, options, false);
      const other = await outcome(whole, settings, options, true);
      expect(one.result, `step ${step}`).toEqual(other.result);
      expect(one.trees, `step ${step}`).toEqual(other.trees);
      expect(other.isAnswered && !('code' in (other.result as readonly object[])[0]!)).toBe(false);
      if (one.isAnswered && !('code' in (one.result as readonly object[])[0]!)) answered++;
    }
    expect(answered).toBeGreaterThan(1);
  },
  120_000,
);
