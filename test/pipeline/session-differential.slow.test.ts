import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type CollectOptions, collectstatic } from '../../src/collectstatic.js';
import { StaticFilesError } from '../../src/errors.js';
import { openRecordOf } from '../../src/pipeline/destination.js';
import { find } from '../../src/pipeline/find.js';
import type { Plan } from '../../src/pipeline/plan.js';
import { planAndPublish } from '../../src/pipeline/plan-and-publish.js';
import { postProcess } from '../../src/pipeline/post-process.js';
import { type RunResult, resultOf } from '../../src/pipeline/result.js';
import { startRun } from '../../src/pipeline/run.js';
import { createSession } from '../../src/pipeline/session.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import type { UserSettings } from '../../src/settings/settings.js';
import type { ChangedFile } from '../../src/storages/storage.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { randomFrom } from '../support/random.js';

const BASE: UserSettings = {
  ...SETTINGS,
  cacheDir: 'cache',
  staticfilesDirs: ['static', 'more'],
  postProcess: [['fingerprint', { missing: 'warn' }]],
};

const SETTINGS_TO_TRY: Readonly<Record<string, UserSettings>> = {
  fingerprints: BASE,
  'errors for missing references': { ...BASE, postProcess: ['fingerprint'] },
  'no plain names': { ...BASE, postProcess: [['fingerprint', { missing: 'warn', originals: false }]] },
  compressed: { ...BASE, postProcess: [['fingerprint', { missing: 'warn' }], 'compress'] },
  'compressed first': { ...BASE, postProcess: ['compress', ['fingerprint', { missing: 'warn' }]] },
  'no processors': { ...BASE, postProcess: [], importmap: { entries: {} } },
  'an import map': { ...BASE, importmap: { entries: { app: 'main.js', lib: 'b.txt' }, file: 'map.json' } },
  'a manifest elsewhere': { ...BASE, manifest: { storage: { options: { location: 'build' } } } },
};

const NAMES = [
  'a.css',
  'b.txt',
  'c.png',
  'main.js',
  'sub/d.svg',
  'sub/app.js',
  'sub/app.js.gz',
  '10',
  'ü.js',
];

const TEXTS = [
  "a { background: url('c.png') }\n",
  "a { background: url('gone.png') }\n",
  "import 'app'; import './sub/app.js'; import './ü.js'\n",
  "import '../main.js'; // a cycle\n",
  "export const load = (name) => import('./sub/' + name + '.js');\n",
  `<svg xmlns="http://www.w3.org/2000/svg">${'<g/>'.repeat(40)}</svg>\n`,
  'one text',
  'two text',
];

interface Edit {
  readonly source: string;
  change(project: Project): void;
}

/** Makes up one edit, which does the same in every project. */
function newEdit(random: () => number): Edit {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const source = `${pick(['static', 'static', 'more'])}/${pick(NAMES)}`;
  const text = pick(TEXTS);
  const isGone = random() < 0.25;
  return {
    source,
    change({ path: at, write }) {
      if (isGone) fs.rmSync(at(source), { force: true });
      else write({ [source]: { text, mtime: Date.now() / 1000 } });
    },
  };
}

/** What a run did, or why it failed, the same for the same run in another project. */
interface Outcome {
  readonly result: unknown;
  readonly files: unknown;
}

interface Ran {
  readonly result: Omit<RunResult, 'milliseconds'>;
  readonly hooked: readonly ChangedFile[];
}

async function outcome(project: Project, run: () => Promise<Ran>): Promise<Outcome> {
  const result = await run().then(shown, errorOf);
  const text = JSON.stringify(result).replaceAll(project.dir, '{TMP}');
  return { result: JSON.parse(text), files: [project.texts(), project.texts('build')] };
}

function shown({ result: { counts, plan, conflicts, warnings }, hooked }: Ran) {
  const steps = plan.map(({ action, publicPath, reason }) => `${action} ${publicPath} (${reason})`);
  return { counts, steps: steps.sort(), conflicts: conflicts.length, warnings, hooked: sorted(hooked) };
}

function sorted(files: readonly ChangedFile[]): readonly string[] {
  return files.map((file) => JSON.stringify(file)).sort();
}

function errorOf(error: unknown) {
  if (!(error instanceof StaticFilesError)) throw error;
  return { code: error.code, message: error.message };
}

async function resolved(project: Project, settings: UserSettings) {
  const hooked: ChangedFile[] = [];
  const found = await resolveSettings(settings, { baseDir: project.dir });
  const afterPublish = async (changed: readonly ChangedFile[]) => void hooked.push(...changed);
  return { settings: { ...found, afterPublish }, hooked };
}

/** Returns a function that runs in a session after some edits, as `watchstatic()` does. */
async function watching(project: Project, userSettings: UserSettings) {
  const { settings, hooked } = await resolved(project, userSettings);
  const session = createSession(openRecordOf(settings, {}));
  return async (sources: readonly string[]): Promise<Ran> => {
    hooked.length = 0;
    for (const source of sources) {
      const systemPath = project.path(source);
      const isEdit = session.hasSource(systemPath) && fs.existsSync(systemPath);
      session.note(systemPath, isEdit ? 'content' : 'files');
    }
    const run = { ...startRun(settings, {}, session), locks: new Map() };
    const found = await find(run);
    const outputs = await postProcess(run, found.files);
    const plan: Plan = await planAndPublish(run, outputs, { again: false, done: [] });
    return { result: resultOf(run, plan, found), hooked };
  };
}

async function fresh(project: Project, userSettings: UserSettings): Promise<Ran> {
  const { settings, hooked } = await resolved(project, userSettings);
  const options: CollectOptions = {};
  return { result: await collectstatic(settings, options), hooked };
}

const CASES = Object.keys(SETTINGS_TO_TRY).flatMap((name, index) =>
  [1, 2].map((seed) => [name, seed + 10 * index] as const),
);

it.each(CASES)('the runs of a session do what separate runs do: %s (%i)', async (name, seed) => {
  const random = randomFrom(seed);
  const many = Array.from({ length: 60 }, (_, index) => [`static/many/${index}.txt`, `${index}`] as const);
  const tree = { 'static/a.css': TEXTS[0]!, 'static/c.png': 'png', 'static/main.js': '', 'more/b.txt': 'b' };
  const [one, other] = [newProject(tree), newProject(tree)];
  for (const project of [one, other]) project.write(Object.fromEntries(many));
  const settings = SETTINGS_TO_TRY[name]!;
  const collectAgain = await watching(one, settings);
  let failed = 0;
  for (let step = 0; step < 24; step++) {
    const edits = Array.from({ length: step === 0 ? 0 : 1 + Math.floor(random() ** 2 * 4) }, () =>
      newEdit(random),
    );
    for (const { change } of edits) for (const project of [one, other]) change(project);
    const watched = await outcome(one, () => collectAgain(edits.map(({ source }) => source)));
    const separate = await outcome(other, () => fresh(other, settings));
    expect(watched, `step ${step}: ${edits.map(({ source }) => path.basename(source))}`).toEqual(separate);
    if ('code' in (watched.result as object)) failed++;
  }
  expect(failed).toBeLessThan(20);
});
