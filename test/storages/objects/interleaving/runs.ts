import fs from 'node:fs';
import { collectstatic } from '../../../../src/collectstatic.js';
import { fingerprint } from '../../../../src/processors/fingerprint/processor.js';
import { prune as pruneDestination } from '../../../../src/prune/prune.js';
import { activateRelease } from '../../../../src/releases/activate.js';
import { removeRelease } from '../../../../src/releases/remove.js';
import type { Settings } from '../../../../src/settings/settings.js';
import type { Clock } from '../../../../src/storages/objects/clock.js';
import { objectStorageBy } from '../../../../src/storages/objects/object-storage.js';
import type { ObjectStore } from '../../../../src/storages/objects/object-store.js';
import type { ObjectStorageOptions } from '../../../../src/storages/objects/options.js';
import { builtSettings } from '../../../support/built-settings.js';
import { newProject, type Project } from '../../../support/project.js';

/** A run of a command, with a service and a clock. */
export type Command = (store: ObjectStore, clock: Clock) => Promise<unknown>;

/** Files are published under names with a fingerprint only. */
const fingerprinting = fingerprint({ originals: false });

const projects = new Map<string, Project>();

/** Returns a project whose style sheet has a certain colour. It is gone after the tests of a file. */
function projectIn(colour: string): Project {
  let project = projects.get(colour);
  if (project === undefined || !fs.existsSync(project.dir)) {
    project = newProject({ 'static/app.css': `body { color: ${colour} }`, 'static/logo.svg': '<svg/>' });
    projects.set(colour, project);
  }
  return project;
}

async function settingsFor(
  store: ObjectStore,
  clock: Clock,
  { colour = 'red', release, options = {} }: Partial<Published> = {},
): Promise<Settings> {
  const storage = await objectStorageBy(clock, store, { concurrency: 1, ...options });
  return builtSettings(
    projectIn(colour),
    { 'app.css': 'static/app.css', 'logo.svg': 'static/logo.svg' },
    {
      storage,
      processors: [fingerprinting],
      ...(release !== undefined && { release: { id: async () => release } }),
    },
  );
}

interface Published {
  readonly colour: string;
  readonly release?: string | undefined;
  readonly options?: ObjectStorageOptions;
}

export function deploy(colour: string, release?: string, more: object = {}): Command {
  return async (store, clock) => {
    const { options, ...collect } = more as { options?: ObjectStorageOptions };
    return collectstatic(
      await settingsFor(store, clock, { colour, release, ...(options && { options }) }),
      collect,
    );
  };
}

export function prune(options: ObjectStorageOptions = {}): Command {
  return async (store, clock) =>
    pruneDestination(await settingsFor(store, clock, { options }), { keep: 0, olderThan: 0 });
}

export function activate(release: string, options: ObjectStorageOptions = {}): Command {
  return async (store, clock) => activateRelease(await settingsFor(store, clock, { options }), release);
}

export function remove(release: string): Command {
  return async (store, clock) => removeRelease(await settingsFor(store, clock), release);
}
