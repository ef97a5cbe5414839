import type { PublishRecord } from '../cache/record.js';
import { startTimeSlice } from '../concurrency/time-slice.js';
import { defineTable, text } from '../files/table.js';
import { contentOf } from '../model/content.js';
import { CODING_EXTENSIONS } from '../model/content-encoding.js';
import type { DecodedInfo } from '../model/decode.js';
import { isImmutable, type Output } from '../model/output.js';
import type { Inventory, StoredFile } from '../storages/storage.js';
import type { Plan, PlanEntry } from './plan.js';
import { isAsPublished } from './unchanged.js';

export interface StaleVariantsOptions {
  /** Whether nothing can have changed beside an unchanged output since a run left it: then nothing is looked at there. */
  isAsLeft(output: Output): boolean;
  readonly signal: AbortSignal;
}

/**
 * The deletions of variants that are not those of the file beside them, whoever put them there: a server such as nginx
 * with `gzip_static` would send them for it. Looks beside each file whose name does not change with its content, at the
 * variants that this run does not publish. Nothing but decoding them proves that they belong.
 *
 * @throws StaticFilesError `source` where a file cannot be read, `target` where a variant cannot
 */
export async function staleVariants(
  plan: Plan,
  inventory: Inventory,
  { isAsLeft, signal }: StaleVariantsOptions,
): Promise<readonly PlanEntry[]> {
  if (inventory.decodesTo === undefined) return [];
  const { fold = (publicPath: string) => publicPath } = inventory;
  const slice = startTimeSlice(signal);
  let published: ReadonlySet<string> | undefined;
  const stale: PlanEntry[] = [];
  for (const { output, action } of plan) {
    if (slice.isOver()) await slice.yield();
    if (!output || isVariant(output) || isImmutable(output)) continue;
    if (action === 'keep' && isAsLeft(output)) continue;
    for (const variant of variantsBeside(output, inventory)) {
      published ??= new Set(plan.flatMap((entry) => (entry.output ? fold(entry.publicPath) : [])));
      if (published.has(fold(variant.publicPath)) || (await belongs(variant, output, inventory))) continue;
      stale.push(variantDeletion(variant.publicPath, variant.stored));
    }
  }
  return stale;
}

function isVariant({ variantOf }: Output): boolean {
  return variantOf !== undefined;
}

/** What a server takes for a variant of a file, by its name. */
interface Beside {
  readonly publicPath: string;
  readonly encoding: string;
  readonly stored: StoredFile;
}

const CODINGS = Object.entries(CODING_EXTENSIONS);

function variantsBeside({ publicPath }: Output, inventory: Inventory): readonly Beside[] {
  return CODINGS.flatMap(([encoding, extension]): readonly Beside[] => {
    const stored = inventory.get(publicPath + extension);
    const isThere = stored?.kind === 'file' || stored?.kind === 'link';
    return isThere ? [{ publicPath: publicPath + extension, encoding, stored }] : [];
  });
}

async function belongs(
  { publicPath, encoding, stored }: Beside,
  output: Output,
  inventory: Inventory,
): Promise<boolean> {
  const content = await contentOf(output);
  if (content === undefined || isTooLarge(stored, content)) return false;
  return inventory.decodesTo!(publicPath, encoding, content);
}

/** An encoding adds a few bytes at most to what it cannot make smaller. Larger ones are not even read. */
function isTooLarge({ kind, size }: StoredFile, content: DecodedInfo): boolean {
  return kind === 'file' && size > content.size * 1.1 + 4096;
}

/** Under which name the record remembers them, beside what processors remember. */
const MEMORY = 'published variants';

/** The original of each published variant, by public paths. */
const ORIGINALS = defineTable('published variants 1', text);

/**
 * The deletions of variants that an earlier run published and this one does not, of files that it does publish. Those of
 * other files stay, as these do: pages that are still open may ask for them. What is not as it was published stays too.
 */
export function droppedVariants(
  outputs: readonly Output[],
  inventory: Inventory,
  record: PublishRecord,
): readonly PlanEntry[] {
  const originals = ORIGINALS.open(record.recall(MEMORY));
  if (originals.keys.length === 0) return [];
  const { fold = (publicPath: string) => publicPath } = inventory;
  const published = new Set(outputs.map(({ publicPath }) => fold(publicPath)));
  return originals.keys.flatMap((publicPath, index): readonly PlanEntry[] => {
    if (published.has(fold(publicPath)) || !published.has(fold(originals.at(index)))) return [];
    const recorded = record.get(publicPath);
    const stored = inventory.get(publicPath);
    if (!recorded || stored?.kind !== 'file' || !isAsPublished(stored, recorded)) return [];
    return [variantDeletion(publicPath, stored)];
  });
}

/** The step of a plan that deletes a variant. */
function variantDeletion(publicPath: string, stored: StoredFile): PlanEntry {
  return { action: 'delete', publicPath, reason: 'stale variant', replaces: true, stored };
}

/** Has the record remember the variants of this run. */
export function rememberVariants(outputs: readonly Output[], record: PublishRecord): void {
  const variants = outputs.filter(({ variantOf }) => variantOf !== undefined);
  const before = ORIGINALS.open(record.recall(MEMORY));
  const isSame =
    variants.length === before.keys.length &&
    variants.every(({ publicPath, variantOf }) => before.get(publicPath) === variantOf);
  if (isSame) return;
  record.remember(
    MEMORY,
    ORIGINALS.pack(variants.map(({ publicPath, variantOf }) => [publicPath, variantOf!])),
  );
}
