import type { Pruned, PrunePlan, ReleaseFate } from '../../prune/rules.js';
import type { ActivateResult } from '../../releases/activate.js';
import type { ReleaseChange, ReleaseDiff } from '../../releases/diff.js';
import type { ReleaseDetails, ReleaseList, ReleaseSummary } from '../../releases/list.js';
import { nameList } from '../../text/name-list.js';
import { printableName, quoted } from '../../text/printable.js';
import type { ReleasesReport, Verbosity } from '../reporter.js';
import { amountText, sizeText, timeText } from './format.js';

/** Returns the text for a releases command. */
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
        `${amountText(report.only)} that only it used stay until you run 'staticfiles prune'.`
      );
  }
}

function listText({ active, releases }: ReleaseList): string {
  if (releases.length === 0) return 'There are no releases.';
  const lines = releases.map(summaryText);
  if (active === undefined) lines.push('No release is active: staticfiles.json was published without one.');
  else if (!releases.some(({ id }) => id === active))
    lines.push(`The active release ${quoted(active)} has no manifest of its own.`);
  return lines.join('\n');
}

function summaryText(release: ReleaseSummary): string {
  const { id, published, active, only } = release;
  const own = only.files === 0 ? 'no files that only it uses' : `${amountText(only)} that only it uses`;
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

function activatedText({ id, previous, otherBytes }: ActivateResult): string {
  const before = previous === undefined ? '' : `, instead of ${quoted(previous)}`;
  const text =
    previous === id
      ? `Release ${quoted(id)} was already active.`
      : `Release ${quoted(id)} is now active${before}.`;
  if (otherBytes.length === 0) return text;
  return (
    `${text}\nFiles with the same name in all releases still have the bytes of another one: ${nameList(otherBytes)}. ` +
    'Collect the release again to restore them.'
  );
}

/** Returns the plan of prune, with reasons: releases first, then files. */
export function prunePlanText({ releases, files, spared }: PrunePlan, dryRun: boolean): string {
  const about = dryRun ? 'Would' : 'About to';
  return [
    ...releases.map((release) => releaseText(release, about)),
    ...files.map(
      ({ publicPath, size, reason }) =>
        `${about} delete ${quoted(publicPath)} (${sizeText(size)}; ${reason})`,
    ),
    ...spared.map(({ publicPath, reason }) => `Leaving ${quoted(publicPath)} (${SPARED[reason]})`),
  ].join('\n');
}

const SPARED = {
  'other bytes': 'its bytes differ from those that were published',
  'not comparable': 'its bytes cannot be compared with those that were published',
};

function releaseText({ id, published, fate, reason }: ReleaseFate, about: string): string {
  if (fate === 'removed') return `${about} prune release ${quoted(id)}, which was removed`;
  const verb = fate === 'kept' ? 'Keeping' : `${about} prune`;
  return `${verb} release ${quoted(id)}, published ${timeText(published)} (${REASONS[reason]})`;
}

const REASONS: Readonly<Record<ReleaseFate['reason'], string>> = {
  active: 'it is active',
  'time unknown': 'its age is unknown',
  'among the newest': 'it is among the newest',
  young: 'it is not old enough',
  old: 'it is old enough, and not among the newest',
  'has no manifest': 'it was removed',
};

/** Returns the sentence at the end of prune. */
export function prunedText(pruned: Pruned, dryRun: boolean): string {
  const { plan, tooMany } = pruned;
  if (plan.quietUntil) return quietText(plan.quietUntil);
  const spared = plan.spared.length === 0 ? '' : `, ${plan.spared.length} left alone`;
  const refused = tooMany ? ' That is more than --max-delete allows, so nothing would be deleted.' : '';
  return `${goingText(pruned)} ${dryRun ? 'would be deleted' : 'deleted'}${spared}.${refused}`;
}

/** Why nothing is deleted. */
function quietText(until: Date): string {
  return (
    'Nothing is pruned now, because an interrupted run may still wake up and publish. ' +
    `Prune again after ${timeText(until)}.`
  );
}

/** Returns `2 releases and 12 files (1.1 MB)`. */
export function goingText({ plan, deleted }: Pick<Pruned, 'plan' | 'deleted'>): string {
  const releases = plan.releases.filter(({ fate }) => fate !== 'kept').length;
  const before = releases === 0 ? '' : `${releases} ${releases === 1 ? 'release' : 'releases'} and `;
  return before + amountText(deleted);
}
