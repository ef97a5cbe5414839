import { fingerprintedPath } from '../../model/fingerprinted-path.js';
import type { UrlTest } from '../../references/reference.js';
import { quoted } from '../../text/printable.js';
import type { ProcessorContext } from '../processor.js';
import type { Link } from './links.js';
import type { FingerprintRules } from './options.js';
import type { TrackedFile } from './track-files.js';

/** How many files are named. */
const SHOWN = 5;

/**
 * Warns once about scripts that look for a file by its plain name: their own element (`document.currentScript`), or an
 * image in a computed style. With a fingerprint in the name they do not find it, and load nothing from its folder.
 */
export function warnOwnNames(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
  { warn }: Pick<ProcessorContext, 'warn'>,
): void {
  const looking = files.filter(({ digest }) => digest.scan?.urlTests !== undefined);
  if (looking.length === 0) return;
  const candidates = { script: files.filter(isScript), image: imagesInStyles(files, links) };
  const lookedFor = new Map<TrackedFile, TrackedFile[]>();
  for (const file of looking) {
    for (const target of lookedForBy(file, candidates, rules))
      lookedFor.set(target, [...(lookedFor.get(target) ?? []), file]);
  }
  if (lookedFor.size === 0) return;
  const lines = [...lookedFor].slice(0, SHOWN).map(([target, [first, ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const by = first === target ? 'itself' : quoted(first!.output.logicalPath);
    return `    ${quoted(target.output.logicalPath)}, by ${by}${more}`;
  });
  if (lookedFor.size > SHOWN) lines.push(`    … and ${lookedFor.size - SHOWN} more`);
  const exclude = JSON.stringify([...lookedFor.keys()].map(({ output }) => output.logicalPath));
  const message = [
    'Scripts look for files by their plain names, and will not find them under their new names:',
    ...lines,
    "  To keep these names, add them to the option 'exclude' of fingerprint:",
    `    ${exclude}`,
  ].join('\n');
  warn({ code: 'looked-up-name', message });
}

type Candidates = Readonly<Record<UrlTest['of'], readonly TrackedFile[]>>;

function lookedForBy(
  file: TrackedFile,
  candidates: Candidates,
  rules: FingerprintRules,
): ReadonlySet<TrackedFile> {
  const found = new Set<TrackedFile>();
  const root = file.output.source?.root;
  for (const test of file.digest.scan!.urlTests!) {
    const accepts = acceptance(test);
    if (accepts === undefined) continue;
    for (const candidate of candidates[test.of]) {
      const { logicalPath, source } = candidate.output;
      const isMeant = test.by === 'name' ? candidate === file : source?.root === root;
      if (candidate.keepsName || !isMeant || found.has(candidate)) continue;
      if (!test.text.includes(firstWord(logicalPath))) continue;
      if (accepts(logicalPath) && !accepts(fingerprintedPath(logicalPath, exampleHash(rules))))
        found.add(candidate);
    }
  }
  return found;
}

/** Returns whether a test accepts a file's URL; `undefined` for a test that is not run. */
function acceptance({ by, text }: UrlTest): ((logicalPath: string) => boolean) | undefined {
  if (by === 'text' || by === 'name') return (logicalPath) => `/${logicalPath}`.includes(text);
  if (by === 'end') return (logicalPath) => `/${logicalPath}`.endsWith(text);
  const pattern = patternOf(text);
  if (pattern === undefined) return undefined;
  return (logicalPath) => {
    const url = `https://example.com/static/${logicalPath}`;
    return pattern.test(url) || pattern.test(`url("${url}")`);
  };
}

/** Returns `undefined` for a pattern that may take long: with a repeated group, or with many repetitions. */
function patternOf(source: string): RegExp | undefined {
  if (/\)[*+{]/.test(source) || source.split(/[*+{]/).length > 8) return undefined;
  try {
    return new RegExp(source, 'i');
  } catch {
    return undefined;
  }
}

/** The name up to its first dot. A test without it is not about this file. */
function firstWord(logicalPath: string): string {
  return /([^/]*?)(?:\.[^/]*)?$/.exec(logicalPath)![1]!;
}

function exampleHash({ length }: FingerprintRules): string {
  return '0123456789abcdef'.repeat(2).slice(0, length);
}

function isScript({ output }: TrackedFile): boolean {
  return /\.m?js$/i.test(output.logicalPath) && output.variantOf === undefined;
}

/** The files that style sheets refer to with `url()`. */
function imagesInStyles(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
): readonly TrackedFile[] {
  const targets = new Set<number>();
  for (const link of links.flat())
    if (link.target !== undefined && link.reference.kind === 'css-url') targets.add(link.target);
  return [...targets].map((target) => files[target]!);
}
