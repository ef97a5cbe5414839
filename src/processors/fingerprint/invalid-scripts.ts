import { readBody } from '../../model/body.js';
import { emptyScan } from '../../references/make-reference.js';
import type { LinkedFiles } from './incremental.js';
import { type Link, NO_LINKS } from './links.js';
import type { FingerprintRules } from './options.js';
import { isRewritten } from './reference-rules.js';
import type { TrackedFile } from './track-files.js';

/**
 * Looks for syntax errors in your own scripts with missing references, and gives up all references of a script with one.
 * Its syntax error is the problem to report, not that a word in it looks like a reference.
 */
export async function withoutInvalidScripts(
  linked: LinkedFiles,
  rules: FingerprintRules,
): Promise<LinkedFiles> {
  const suspects = [...linked.files.keys()].filter((index) =>
    isSuspect(linked.files[index]!, linked.links[index]!, rules),
  );
  if (suspects.length === 0) return linked;
  // Lazily: a parser that few runs need.
  const { syntaxError } = await import('../../references/javascript/syntax-error.js');
  const files = [...linked.files];
  const links = [...linked.links];
  for (const index of suspects) {
    const { output, digest, body, keepsName } = files[index]!;
    const error = syntaxError(Buffer.from(readBody(body)));
    if (error === undefined) continue;
    // It may be valid in a later run, which must not take outputs of an earlier one for published.
    delete files[index]!.made;
    files[index] = { output, digest: { ...digest, scan: emptyScan(error) }, body, keepsName };
    links[index] = NO_LINKS;
  }
  return { ...linked, files, links };
}

function isSuspect({ output }: TrackedFile, links: readonly Link[], rules: FingerprintRules): boolean {
  return links.some(
    ({ target, reference: { kind } }) =>
      target === undefined &&
      kind.startsWith('js-') &&
      kind !== 'js-source-map' &&
      isRewritten(kind, rules.references) &&
      !output.source?.root.vendor &&
      rules.scannerFor(output.logicalPath).scanner === 'javascript' &&
      rules.missing(output, kind) !== 'ignore',
  );
}
