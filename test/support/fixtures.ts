import fs from 'node:fs';
import path from 'node:path';
import type { Project } from './project.js';
import { newProject } from './project.js';
import { SOURCE_TIME, type TreeEntry, type TreeInput } from './tree.js';

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures');

/** A fixture: `fixtures/<name>/case.json`, beside the `tree/` it starts from. */
export interface Fixture {
  readonly name: string;
  /** What it proves, in one sentence. */
  readonly proves: string;
  /** What staticfiles.config.json says. */
  readonly settings: unknown;
  /** Octal: `027`. */
  readonly umask?: string;
  /** Done once: what git cannot hold, or would not on every system. */
  readonly setup?: {
    readonly write?: Readonly<Record<string, string>>;
    readonly links?: Readonly<Record<string, string>>;
    readonly modes?: Readonly<Record<string, string>>;
  };
  readonly steps: readonly FixtureStep[];
  /** What Django does. */
  readonly django: string;
  /** Why the expected results differ from Django's, where they do. */
  readonly why?: string;
}

/** A run of collectstatic, and the runs of findstatic after it. */
export interface FixtureStep {
  /** Done before the run. */
  readonly change?: {
    readonly write?: Readonly<Record<string, string>>;
    readonly delete?: readonly string[];
    /** Seconds since 1970. */
    readonly mtimes?: Readonly<Record<string, number>>;
  };
  readonly argv: readonly string[];
  readonly expect: Expected & {
    /** Public paths by action, as the dry run's JSON says them. */
    readonly plan?: Readonly<Partial<Record<'copy' | 'link' | 'keep' | 'delete', readonly string[]>>>;
    /** All that stands in the destination afterwards. */
    readonly tree: Readonly<Record<string, TreeEntry>>;
  };
  readonly find?: readonly (Expected & { readonly argv: readonly string[] })[];
}

/** What a command must have done. */
export interface Expected {
  readonly exit: number;
  /** Line for line. */
  readonly stdout: readonly string[];
  /** Each must occur; an empty list: nothing was printed there. */
  readonly stderr: readonly string[];
}

/** Every fixture, by name. */
export function loadFixtures(): Fixture[] {
  return fs
    .readdirSync(FIXTURES)
    .filter((name) => fs.existsSync(path.join(FIXTURES, name, 'case.json')))
    .map((name) => ({
      ...JSON.parse(fs.readFileSync(path.join(FIXTURES, name, 'case.json'), 'utf8')),
      name,
    }));
}

/** Makes the project that a fixture starts from. */
export function fixtureProject({ name, settings, setup }: Fixture): Project {
  const project = newProject({}, settings);
  const tree = path.join(FIXTURES, name, 'tree');
  if (fs.existsSync(tree)) fs.cpSync(tree, project.dir, { recursive: true });
  for (const file of fs.readdirSync(project.dir, { recursive: true, encoding: 'utf8' })) {
    fs.utimesSync(project.path(file), SOURCE_TIME, SOURCE_TIME);
  }
  project.write(setup?.write ?? {});
  project.write(linksOf(setup?.links));
  for (const [file, mode] of Object.entries(setup?.modes ?? {})) {
    fs.chmodSync(project.path(file), Number.parseInt(mode, 8));
  }
  return project;
}

function linksOf(links: Readonly<Record<string, string>> = {}): TreeInput {
  return Object.fromEntries(Object.entries(links).map(([name, link]) => [name, { link }]));
}

/** Makes the changes that come before a step. */
export function applyChange(project: Project, change: FixtureStep['change'] = {}): void {
  for (const file of change.delete ?? []) fs.rmSync(project.path(file));
  project.write(change.write ?? {});
  for (const [file, time] of Object.entries(change.mtimes ?? {})) {
    fs.utimesSync(project.path(file), time, time);
  }
}
