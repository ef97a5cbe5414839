import type { Command } from 'commander';
import type { ReleaseOptions } from '../../releases/list.js';
import type { Settings } from '../../settings/settings.js';
import type { ReleasesReport } from '../reporter.js';
import { addCommon, type Example, examplesText, type Run, type Start } from './command.js';

/** A command below this one. */
interface Verb {
  readonly usage: string;
  readonly description: string;
  readonly examples: readonly Example[];
  act(settings: Settings, args: readonly string[], options: ReleaseOptions): Promise<ReleasesReport>;
}

const VERBS: readonly Verb[] = [
  {
    usage: 'list',
    description: 'List the releases, and how much each holds',
    examples: [
      ['staticfiles releases', 'list the releases, the newest first'],
      ['staticfiles releases list --json', 'list them for a script'],
    ],
    async act(settings, _, options) {
      const { listReleases } = await import('../../releases/list.js');
      return { verb: 'list', ...(await listReleases(settings, options)) };
    },
  },
  {
    usage: 'show <id>',
    description: 'Show the files that only this release uses, with -v 2 all of its files',
    examples: [
      ['staticfiles releases show v41', 'show the files that only this release uses'],
      ['staticfiles releases show v41 -v 2', 'show all of its files'],
    ],
    async act(settings, [id = ''], options) {
      const { showRelease } = await import('../../releases/list.js');
      return { verb: 'show', ...(await showRelease(settings, id, options)) };
    },
  },
  {
    usage: 'diff <from> <to>',
    description: 'Show which files differ between two releases',
    examples: [
      ['staticfiles releases diff v41 v42', 'show which files differ'],
      ['staticfiles releases diff v41 v42 --json', 'show them for a script'],
    ],
    async act(settings, [from = '', to = ''], options) {
      const { diffReleases } = await import('../../releases/diff.js');
      return { verb: 'diff', from, to, ...(await diffReleases(settings, [from, to], options)) };
    },
  },
  {
    usage: 'activate <id>',
    description: 'Make this release the active one, to roll back without collecting',
    examples: [
      ['staticfiles releases activate v41', 'roll back to v41'],
      ['staticfiles releases activate v42', 'go forward again'],
    ],
    async act(settings, [id = ''], options) {
      const { activateRelease } = await import('../../releases/activate.js');
      return { verb: 'activate', ...(await activateRelease(settings, id, options)) };
    },
  },
  {
    usage: 'remove <id>',
    description: 'Delete the manifest of this release; staticfiles prune deletes its files',
    examples: [
      ['staticfiles releases remove v40', 'delete its manifest'],
      ['staticfiles prune --dry-run', 'show which of its files can be deleted now'],
    ],
    async act(settings, [id = ''], options) {
      const { removeRelease } = await import('../../releases/remove.js');
      return { verb: 'remove', ...(await removeRelease(settings, id, options)) };
    },
  },
];

const EXAMPLES: readonly Example[] = [
  ['staticfiles releases', 'list the releases, and how much each holds'],
  ['staticfiles releases diff v41 v42', 'show which files differ'],
  ['staticfiles releases activate v41', 'roll back, without collecting'],
];

/** Defines releases, with a command below it for each verb. */
export function defineReleases(command: Command, start: Start): void {
  command
    .description('List published releases, compare them, or roll back to one')
    .addHelpText('after', examplesText(EXAMPLES));
  for (const { usage, description, examples, act } of VERBS) {
    const run: Run<object> = async ({ settings, reporter, signal }, _, args) => {
      const onWarning: ReleaseOptions['onWarning'] = (warning) => reporter.warned([warning]);
      reporter.released(await act(settings, args, { signal, onWarning }));
      return 0;
    };
    const below = command.command(usage, { isDefault: usage === 'list' }).description(description);
    addCommon(below, examples).action(() => start(below, run));
  }
}
