import { closeStorages } from '../../settings/close-storages.js';
import type { loadSettings } from '../../settings/load.js';
import type { Settings } from '../../settings/settings.js';
import { orInterrupted } from '../interruption.js';
import type { CollectFlags, CommonFlags } from '../invocation.js';
import type { CommandContext } from './command-context.js';

/**
 * Loads the settings that the flags, the environment and the current directory ask for, and reports their warnings. Their
 * storages are closed when the command is over.
 */
export async function loadCommandSettings(
  load: typeof loadSettings,
  flags: CommonFlags & Pick<CollectFlags, 'release'>,
  { reporter, terminal, signal, atEnd }: CommandContext,
): Promise<Settings> {
  const { staticRoot, staticUrl, cacheDir, release } = flags;
  const loading = load({
    cwd: terminal.cwd,
    env: terminal.env,
    file: flags.settings,
    overrides: { staticRoot, staticUrl, cacheDir, release },
  });
  const settings = await orInterrupted(loading, signal).catch((error) => {
    // Loading goes on after an interruption, and may still open what keeps the process alive.
    void loading.then(closeStorages).catch(() => {});
    throw error;
  });
  atEnd(() => closeStorages(settings));
  reporter.warned(settings.warnings);
  return settings;
}
