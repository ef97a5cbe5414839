import type { Found } from '../finders/find.js';
import { problemText } from '../plugins/options.js';
import type { Settings } from '../settings/settings.js';
import { nearestPattern } from '../text/nearest-pattern.js';
import { quoted } from '../text/printable.js';
import { addWarning, type Run } from './run.js';

/** Warns of ignore patterns of the settings that hide nothing. Those of the command line may be for other projects. */
export function warnUnmatchedPatterns({ settings, warnings }: Run, { unmatched }: Found): void {
  const idle = new Map(
    unmatched.filter(({ entry }) => entry === undefined).map((each) => [each.pattern, each] as const),
  );
  const ofRun = settings.ignore.flatMap((pattern, index) => {
    const found = idle.get(pattern);
    return found === undefined ? [] : [{ ...found, key: `ignore[${index}]` }];
  });
  const ofEntries = unmatched.flatMap(({ entry, key, ...each }) =>
    entry === undefined ? [] : [{ ...each, key: `${entry}.${key}` }],
  );
  for (const { pattern, key, nearest } of [...ofRun, ...ofEntries])
    addWarning(warnings, unmatchedWarning(settings, { key, pattern, nearest: nearest() }));
}

/** Globs in the options of a plug-in, by the keys of these options. */
type OptionGlobs = Readonly<Record<string, string>>;

/**
 * Warns of globs in the options of a plug-in that match no path.
 *
 * @param optionsKey the key of the options: `postProcess[0][1]`
 */
export async function warnUnmatchedGlobs(
  { settings, warnings }: Pick<Run, 'settings' | 'warnings'>,
  {
    globs,
    optionsKey,
    paths,
  }: { globs: OptionGlobs | undefined; optionsKey: string; paths: readonly string[] },
): Promise<void> {
  if (globs === undefined || Object.keys(globs).length === 0) return;
  const { default: picomatch } = await import('picomatch');
  const matcherOf = (glob: string) => {
    const matches = picomatch(glob, { dot: true });
    return (path: string) => matches(path);
  };
  for (const [key, pattern] of Object.entries(globs)) {
    if (paths.some(matcherOf(pattern))) continue;
    const nearest = nearestPattern(pattern, paths, matcherOf);
    addWarning(warnings, unmatchedWarning(settings, { key: `${optionsKey}.${key}`, pattern, nearest }));
  }
}

interface Unmatched {
  readonly key: string;
  readonly pattern: string;
  readonly nearest: string | undefined;
}

function unmatchedWarning({ settingsFile }: Settings, { key, pattern, nearest }: Unmatched) {
  const message = `${quoted(pattern)} matches no file.`;
  const hint = nearest === undefined ? 'Correct or remove it.' : `Did you mean ${quoted(nearest)}?`;
  const code = 'unmatched-pattern';
  const place = settingsFile === undefined ? key : `${settingsFile}: ${key}`;
  return { code, message: problemText({ code, message, hint }, place) };
}
