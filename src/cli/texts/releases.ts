import { nameList } from '../../name-list.js';
import { printableName, quoted } from '../../printable.js';
import type { ActivatedReport } from '../../releases/activate-release.js';
import type { ReleaseChange, ReleaseDiff } from '../../releases/diff-releases.js';
import type { ReleaseDetails, ReleaseList, ReleaseSummary } from '../../releases/releases.js';
import type { Verbosity } from '../invocation.js';
import type { ReleasesReport } from '../reporter.js';
import { amountText, sizeText, timeText } from './amount.js';

/** What is said of releases. */
export function releasesText(report: ReleasesReport, verbosity: Verbosity): string {
  switch (report.verb) {
    case 'list':
      return listText(report);
    case 'show':
      return showText(report, verbosity);
    case 'diff':
      return diffText(report);
    case 'activate':
      return activatedText(report);
    case 'remove':
      return (
        `Removed the manifest of release ${quoted(report.id)}. ` +
        `${amountText(report.only)} that only it used stay until 'staticfiles prune'.`
      );
  }
}

function listText({ active, releases }: ReleaseList): string {
  if (releases.length === 0) return 'There are no releases.';
  const lines = releases.map(summaryText);
  if (active === undefined)
    lines.push('None of them is active: staticfiles.json was published without a release.');
  else if (!releases.some(({ id }) => id === active))
    lines.push(`The active release, ${quoted(active)}, has no manifest of its own.`);
  return lines.join('\n');
}

function summaryText(release: ReleaseSummary): string {
  const { id, published, active, only } = release;
  const own = only.files === 0 ? 'nothing that only it uses' : `${amountText(only)} that only it uses`;
  return `${printableName(id)}${active ? ' (active)' : ''}: published ${timeText(published)}, ${amountText(release)}, ${own}`;
}

function showText(release: ReleaseDetails, verbosity: Verbosity): string {
  const shown = release.contents.filter(({ only }) => only || verbosity >= 2);
  const lines = shown.map(({ publicPath, size, only }) => {
    const facts = [
      ...(size === undefined ? [] : [sizeText(size)]),
      ...(verbosity >= 2 && only ? ['only here'] : []),
    ];
    const name = printableName(publicPath);
    return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
  });
  return [summaryText(release), ...lines].join('\n  ');
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

function diffText({ changes, same }: ReleaseDiff): string {
  const lines = changes.map(
    (change) => `${SIGNS[change.change]} ${printableName(change.logicalPath)}${namesText(change)}`,
  );
  const count = changes.length === 1 ? '1 file differs' : `${changes.length} files differ`;
  return [...lines, `${count}, ${same} the same.`].join('\n');
}

function namesText({ change, from, to }: ReleaseChange): string {
  if (change !== 'changed' || from === to) return '';
  return ` (${printableName(`${from}`)} became ${printableName(`${to}`)})`;
}

function activatedText({ id, previous, otherBytes }: ActivatedReport): string {
  const before = previous === undefined ? '' : ` in place of ${quoted(previous)}`;
  const text =
    previous === id
      ? `Release ${quoted(id)} was active already.`
      : `Release ${quoted(id)} is active now${before}.`;
  if (otherBytes.length === 0) return text;
  return (
    `${text}\nThese have one name in all releases, and keep the bytes of another one: ${nameList(otherBytes)}. ` +
    'Collecting the release again brings them back.'
  );
}
