import type { Output } from './output.js';
import type { PlanEntry } from './plan.js';
import type { PublishRecord } from './record.js';
import type { Inventory, StoredFile } from './storages/storage.js';
import { joinTexts, splitTexts, type TextColumn } from './text-column.js';
import { isAsPublished } from './unchanged.js';

/** Under which name the record remembers them, beside what processors remember. */
const MEMORY = 'published variants';

/** Which variants were published, and of what. */
interface Saved {
  readonly variants: TextColumn;
  readonly originals: TextColumn;
}

/**
 * The deletions of variants that an earlier run published and this one does not, of files that it does publish. Those of
 * other files stay, as these do: pages that are still open may ask for them. What is not as it was published stays too.
 */
export function droppedVariants(
  outputs: readonly Output[],
  inventory: Inventory,
  record: PublishRecord,
): readonly PlanEntry[] {
  const saved = record.recall(MEMORY) as Saved | undefined;
  if (saved === undefined) return [];
  const { fold = (publicPath: string) => publicPath } = inventory;
  const published = new Set(outputs.map(({ publicPath }) => fold(publicPath)));
  const originals = splitTexts(saved.originals);
  return splitTexts(saved.variants).flatMap((publicPath, index): readonly PlanEntry[] => {
    if (published.has(fold(publicPath)) || !published.has(fold(originals[index]!))) return [];
    const recorded = record.get(publicPath);
    const stored = inventory.get(publicPath);
    if (!recorded || stored?.kind !== 'file' || !isAsPublished(stored, recorded)) return [];
    return [variantDeletion(publicPath, stored)];
  });
}

/** The step of a plan that deletes a variant. */
export function variantDeletion(publicPath: string, stored: StoredFile): PlanEntry {
  return { action: 'delete', publicPath, reason: 'stale variant', replaces: true, stored };
}

/** Has the record remember the variants of this run. */
export function rememberVariants(outputs: readonly Output[], record: PublishRecord): void {
  const variants = outputs.filter(({ variantOf }) => variantOf !== undefined);
  const saved: Saved = {
    variants: joinTexts(variants.map(({ publicPath }) => publicPath)),
    originals: joinTexts(variants.map(({ variantOf }) => variantOf!)),
  };
  const before = record.recall(MEMORY) as Saved | undefined;
  if ((before?.variants ?? '') === saved.variants && (before?.originals ?? '') === saved.originals) return;
  record.remember(MEMORY, saved);
}
