import { quoted } from '../../printable.js';
import type { Pruned } from '../../prune/limits.js';
import type { PrunePlan, ReleaseFate } from '../../prune/pruning.js';
import { amountText, sizeText, timeText } from './amount.js';

/** What pruning is about to do, and why: releases first, then files. */
export function prunePlanText({ releases, files, spared }: PrunePlan, dryRun: boolean): string {
  const deleting = dryRun ? 'Pretending to delete' : 'About to delete';
  return [
    ...releases.map(fateText),
    ...files.map(
      ({ publicPath, size, reason }) => `${deleting} ${quoted(publicPath)} (${sizeText(size)}; ${reason})`,
    ),
    ...spared.map(({ publicPath, reason }) => `Leaving ${quoted(publicPath)} (${SPARED[reason]})`),
  ].join('\n');
}

const SPARED = {
  'other bytes': 'its bytes are not those that were published',
  'not comparable': 'its bytes cannot be compared with those that were published',
};

function fateText({ id, published, fate, reason }: ReleaseFate): string {
  if (fate === 'removed') return `Pruning release ${quoted(id)}, which was removed`;
  const verb = fate === 'kept' ? 'Keeping' : 'Pruning';
  return `${verb} release ${quoted(id)}, published ${timeText(published)} (${REASONS[reason]})`;
}

const REASONS: Readonly<Record<ReleaseFate['reason'], string>> = {
  active: 'it is active',
  'time unknown': 'its age is not known',
  'among the newest': 'it is among the newest',
  young: 'it is not old enough',
  old: 'it is old enough, and not among the newest',
  'has no manifest': 'it was removed',
};

/** The sentence at the end. */
export function prunedText(pruned: Pruned, dryRun: boolean): string {
  const { plan, tooMany } = pruned;
  if (plan.quietUntil) return quietText(plan.quietUntil);
  const spared = plan.spared.length === 0 ? '' : `, ${plan.spared.length} left alone`;
  const refused = tooMany ? ' That is more than --max-delete allows: nothing would be changed.' : '';
  return `${goingText(pruned)} ${dryRun ? 'would be deleted' : 'deleted'}${spared}.${refused}`;
}

/** Why nothing is deleted. */
function quietText(until: Date): string {
  return `Nothing is pruned now: a run was given up here, and may still wake up and publish. Prune again after ${timeText(until)}.`;
}

/** `2 releases and 12 files (1.1 MB)` */
export function goingText({ plan, deleted }: Pick<Pruned, 'plan' | 'deleted'>): string {
  const releases = plan.releases.filter(({ fate }) => fate !== 'kept').length;
  const before = releases === 0 ? '' : `${releases} ${releases === 1 ? 'release' : 'releases'} and `;
  return before + amountText(deleted);
}
