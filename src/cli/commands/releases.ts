import { activateRelease } from '../../releases/activate-release.js';
import { diffReleases } from '../../releases/diff-releases.js';
import { listReleases, type ReleaseOptions, showRelease } from '../../releases/releases.js';
import { removeRelease } from '../../releases/remove-release.js';
import { loadSettings } from '../../settings/load.js';
import type { Settings } from '../../settings/settings.js';
import type { ExitCode } from '../exit-code.js';
import type { CommonFlags, ReleasesAction } from '../invocation.js';
import type { ReleasesReport } from '../reporter.js';
import type { CommandContext } from './command-context.js';
import { loadCommandSettings } from './command-settings.js';

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
