import type { PublishRecord } from '../cache/record.js';
import { startTimeSlice } from '../concurrency/time-slice.js';
import { defineTable, text } from '../files/table.js';
import { contentOf } from '../model/content.js';
import { CODING_EXTENSIONS } from '../model/content-encoding.js';
import type { DecodedInfo } from '../model/decode.js';
import { hasFingerprint, type Output } from '../model/output.js';
import type { Inventory, StoredFile } from '../storages/storage.js';
import type { Plan, PlanEntry } from './plan.js';
import { isAsPublished } from './unchanged.js';

export interface StaleVariantsOptions {
  /**
   * Whether nothing can have changed beside an unchanged output since a run published it. If so, its variants stay.
   *
   * @param index of the entry in the plan
   */
  isAsLeft(entry: PlanEntry, index: number): boolean;
  readonly signal: AbortSignal;
}

/**
 * Plans to delete variants that do not belong to the file beside them, whoever put them there: a server such as nginx
 * with `gzip_static` would send them for it. Checks variants that this run does not publish, beside files whose name
 * does not change with their content. Only decoding proves that a variant belongs.
 *
 * @throws StaticFilesError `source` if a file cannot be read, `target` if a variant cannot
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
  for (let index = 0; index < plan.length; index++) {
    const entry = plan[index]!;
    const { output, action } = entry;
    if (action === 'keep' && isAsLeft(entry, index)) continue;
    if (slice.isOver()) await slice.yield();
    if (!output || isVariant(output) || hasFingerprint(output)) continue;
    for (const variant of variantsBeside(output, inventory)) {
      published ??= new Set(plan.flatMap((entry) => (entry.output ? fold(entry.publicPath) : [])));
      if (published.has(fold(variant.publicPath)) || (await belongs(variant, output, inventory))) continue;
      stale.push(variantDeletion(variant.publicPath, variant.stored));
    }
  }
  return stale;
}

/** A stored file that servers take for a variant of the file beside it, by its name. */
interface StoredVariant {
  readonly publicPath: string;
  readonly encoding: string;
  readonly stored: StoredFile;
}

const CODINGS = Object.entries(CODING_EXTENSIONS);

function variantsBeside({ publicPath }: Output, inventory: Inventory): readonly StoredVariant[] {
  return CODINGS.flatMap(([encoding, extension]): readonly StoredVariant[] => {
    const stored = inventory.get(publicPath + extension);
    const exists = stored?.kind === 'file' || stored?.kind === 'link';
    return exists ? [{ publicPath: publicPath + extension, encoding, stored }] : [];
  });
}

async function belongs(
  { publicPath, encoding, stored }: StoredVariant,
  output: Output,
  inventory: Inventory,
): Promise<boolean> {
  const content = await contentOf(output);
  if (content === undefined || isTooLarge(stored, content)) return false;
  return inventory.decodesTo!(publicPath, encoding, content);
}

/** An encoding adds at most a few bytes to what it cannot make smaller. Larger variants are not even read. */
function isTooLarge({ kind, size }: StoredFile, content: DecodedInfo): boolean {
  return kind === 'file' && size > content.size * 1.1 + 4096;
}

/**
 * Plans to delete variants that an earlier run published and this one does not, if this run publishes their original.
 * Variants of other files stay with these files, since open pages may ask for them. So does a variant that has changed
 * since it was published.
 *
 * @param gone outputs of the latest run of a session that this one has no longer; without it, the record is asked
 */
export function droppedVariants(
  outputs: readonly Output[],
  inventory: Inventory,
  record: PublishRecord,
  gone?: readonly Output[],
): readonly PlanEntry[] {
  const earlier = gone ? variantsOf(gone) : recordedVariants(record);
  if (earlier.length === 0) return [];
  const { fold = (publicPath: string) => publicPath } = inventory;
  const published = new Set(outputs.map(({ publicPath }) => fold(publicPath)));
  return earlier.flatMap(([publicPath, original]): readonly PlanEntry[] => {
    if (published.has(fold(publicPath)) || !published.has(fold(original))) return [];
    const recorded = record.get(publicPath);
    const stored = inventory.get(publicPath);
    if (!recorded || stored?.kind !== 'file' || !isAsPublished(stored, recorded)) return [];
    return [variantDeletion(publicPath, stored)];
  });
}

function variantDeletion(publicPath: string, stored: StoredFile): PlanEntry {
  return { action: 'delete', publicPath, reason: 'stale variant', replaces: true, stored };
}

/**
 * Records the variants of this run for {@link droppedVariants} of the next one.
 *
 * @param later packs them only when the record is written, for sessions of several runs
 */
export function rememberVariants(outputs: readonly Output[], record: PublishRecord, later: boolean): void {
  const pack = () => ORIGINALS.pack(variantsOf(outputs));
  if (later) record.remember(RECORD_KEY, pack);
  else if (!isRemembered(variantsOf(outputs), record)) record.remember(RECORD_KEY, pack());
}

function isRemembered(variants: readonly Variant[], record: PublishRecord): boolean {
  const before = ORIGINALS.open(record.recall(RECORD_KEY));
  return (
    variants.length === before.keys.length &&
    variants.every(([publicPath, original]) => before.get(publicPath) === original)
  );
}

function recordedVariants(record: PublishRecord): readonly Variant[] {
  const originals = ORIGINALS.open(record.recall(RECORD_KEY));
  return originals.keys.map((publicPath, index) => [publicPath, originals.at(index)] as const);
}

/** A published variant and its original, by public paths. */
type Variant = readonly [publicPath: string, original: string];

function variantsOf(outputs: readonly Output[]): readonly Variant[] {
  return outputs.filter(isVariant).map(({ publicPath, variantOf }): Variant => [publicPath, variantOf!]);
}

function isVariant({ variantOf }: Output): boolean {
  return variantOf !== undefined;
}

const RECORD_KEY = 'published variants';

/** The original of each published variant, by public paths. */
const ORIGINALS = defineTable('published variants 1', text);
