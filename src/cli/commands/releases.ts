import type { Command } from 'commander';
import { activateRelease } from '../../releases/activate.js';
import { diffReleases } from '../../releases/diff.js';
import { listReleases, type ReleaseOptions, showRelease } from '../../releases/list.js';
import { removeRelease } from '../../releases/remove.js';
import { loadSettings } from '../../settings/load.js';
import type { Settings } from '../../settings/settings.js';
import type { CommonFlags, Invocation, ReleasesAction, ReleasesReport } from '../reporter.js';
import type { ExitCode } from '../terminal.js';
import {
  addCommonOptions,
  type CommandContext,
  type CommonValues,
  commonFlags,
  loadCommandSettings,
} from './command.js';

/** Runs `staticfiles releases` and reports it. */
export async function runReleases(
  { action, flags }: { readonly action: ReleasesAction; readonly flags: CommonFlags },
  context: CommandContext,
): Promise<ExitCode> {
  const settings = await loadCommandSettings(loadSettings, flags, context);
  const { reporter, signal } = context;
  const onWarning: ReleaseOptions['onWarning'] = (warning) => reporter.warned([warning]);
  reporter.released(await report(action, settings, { signal, onWarning }));
  return 0;
}

async function report(
  action: ReleasesAction,
  settings: Settings,
  options: ReleaseOptions,
): Promise<ReleasesReport> {
  switch (action.verb) {
    case 'list':
      return { verb: 'list', ...(await listReleases(settings, options)) };
    case 'show':
      return { verb: 'show', ...(await showRelease(settings, action.id, options)) };
    case 'diff':
      return {
        verb: 'diff',
        from: action.from,
        to: action.to,
        ...(await diffReleases(settings, [action.from, action.to], options)),
      };
    case 'activate':
      return { verb: 'activate', ...(await activateRelease(settings, action.id, options)) };
    case 'remove':
      return { verb: 'remove', ...(await removeRelease(settings, action.id, options)) };
  }
}

const EXAMPLES = `
Examples:
  $ staticfiles releases                   which there are, and how much each holds
  $ staticfiles releases diff v41 v42      which files differ
  $ staticfiles releases activate v41      a roll-back, without collecting
`;

/** A command below this one, and what its arguments make of it. */
interface Verb {
  readonly usage: string;
  readonly description: string;
  action(first: string, second: string): ReleasesAction;
}

const VERBS: readonly Verb[] = [
  {
    usage: 'list',
    description: 'says which releases there are, and how much each holds',
    action: () => ({ verb: 'list' }),
  },
  {
    usage: 'show <id>',
    description: 'says what a release holds, and what only it uses; -v 2 lists all of its files',
    action: (id) => ({ verb: 'show', id }),
  },
  {
    usage: 'diff <from> <to>',
    description: 'says which files differ between two releases',
    action: (from, to) => ({ verb: 'diff', from, to }),
  },
  {
    usage: 'activate <id>',
    description: 'makes its manifest the one that is read unless a release is named',
    action: (id) => ({ verb: 'activate', id }),
  },
  {
    usage: 'remove <id>',
    description: "deletes the manifest of a release; its files stay until 'staticfiles prune'",
    action: (id) => ({ verb: 'remove', id }),
  },
];

/** Makes `command` the command releases, with a command below it for each verb. */
export function defineReleases(command: Command, understood: (invocation: Invocation) => void): void {
  command
    .description('Says which releases are published, and rolls back to one of them.')
    .addHelpText('after', EXAMPLES);
  for (const { usage, description, action } of VERBS) {
    const below = command.command(usage, { isDefault: usage === 'list' }).description(description);
    addCommonOptions(below).action(() => {
      const [first = '', second = ''] = below.args;
      const flags = commonFlags(below.opts<CommonValues>());
      understood({ command: 'releases', action: action(first, second), flags });
    });
  }
}
