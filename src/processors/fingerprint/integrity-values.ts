import type { IntegrityValue } from '../../references/reference.js';
import type { Insertion } from '../../splice.js';
import type { Link } from './links.js';
import { keepsBytes, type TrackedFile } from './tracked-file.js';

const NONE: readonly IntegrityValue[] = [];

/** Where a file that is rewritten tells the integrity of others. */
export function integritiesOf(file: TrackedFile): readonly IntegrityValue[] {
  return keepsBytes(file) ? NONE : (file.digest.scan?.integrities ?? NONE);
}

/**
 * Puts the integrity of what is published in the place of what was told.
 *
 * @param integrityOf of a file by its index; `undefined` where it is not known
 */
export function integrityEdits(
  integrities: readonly IntegrityValue[],
  links: readonly Link[],
  integrityOf: (target: number) => string | undefined,
): readonly Insertion[] {
  const targets = new Map(links.map(({ reference, target }) => [reference.start, target]));
  return integrities.flatMap(({ start, end, of }) => {
    const target = targets.get(of);
    const text = target === undefined ? undefined : integrityOf(target);
    return text === undefined ? [] : [{ offset: start, text, replaced: end - start }];
  });
}
