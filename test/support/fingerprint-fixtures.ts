import fs from 'node:fs';
import path from 'node:path';
import { readFolder } from './read-folder.js';

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures/fingerprint');
const MANIFEST = 'staticfiles.json';

/**
 * A fixture of the processor `fingerprint`: `fixtures/fingerprint/<name>/case.json`, beside the `tree/` it starts from
 * and what was `published/`. A new case needs no more than these three.
 */
export interface FingerprintFixture extends FingerprintCase {
  readonly name: string;
  /** What must be published; `undefined` where there is no such folder, and no manifest. */
  readonly published: Published | undefined;
  /** What Django published of the same tree; `undefined` where it fails. */
  readonly djangoPublished: Published | undefined;
}

/** What stands in `case.json`. */
interface FingerprintCase {
  /** What it proves, in one sentence. */
  readonly proves: string;
  /** Besides `{ "staticfilesDirs": ["static"], "postProcess": ["fingerprint"] }`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Of collectstatic, besides `--noinput`. */
  readonly argv?: readonly string[];
  /** Done before the run: what git cannot hold, or would not on every system. */
  readonly setup?: {
    readonly write?: Readonly<Record<string, string>>;
    readonly links?: Readonly<Record<string, string>>;
    readonly modes?: Readonly<Record<string, string>>;
  };
  /** The exit code; 0 unless given. */
  readonly exit?: number;
  /** What must occur on standard error; nothing is printed there unless given. */
  readonly stderr?: readonly string[];
  /** What Django does. */
  readonly django: string;
  /** Why the results differ from Django's, where they do. */
  readonly why?: string;
  /** The files whose references lead elsewhere than Django's, where Django is wrong. */
  readonly differs?: readonly string[];
}

/** The folder `published/`, or `django/`. */
export interface Published {
  /** `staticfiles.json`. */
  readonly manifest: Manifest;
  /** All other files: under its logical path, each file whose fingerprinted copy is not its source byte for byte. */
  readonly rewritten: ReadonlyMap<string, Buffer>;
}

/** The manifest, in Django's form. */
interface Manifest {
  readonly paths: Readonly<Record<string, string>>;
  readonly version: string;
  readonly hash: string;
}

/** Every fixture, by name. */
export function loadFingerprintFixtures(): FingerprintFixture[] {
  return fs.readdirSync(FIXTURES).map((name) => ({
    ...(JSON.parse(fs.readFileSync(path.join(FIXTURES, name, 'case.json'), 'utf8')) as FingerprintCase),
    name,
    published: readPublished(path.join(FIXTURES, name, 'published')),
    djangoPublished: readPublished(path.join(FIXTURES, name, 'django')),
  }));
}

/** The folder with the tree that a fixture starts from. */
export function treeOf({ name }: FingerprintFixture): string {
  return path.join(FIXTURES, name, 'tree');
}

function readPublished(folder: string): Published | undefined {
  if (!fs.existsSync(folder)) return undefined;
  const rewritten = readFolder(folder);
  const manifest = rewritten.get(MANIFEST);
  rewritten.delete(MANIFEST);
  return { manifest: JSON.parse(String(manifest)) as Manifest, rewritten };
}
