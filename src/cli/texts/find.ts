import type { ExplainResult } from '../../explain.js';
import type { FindResult, Match } from '../../findstatic.js';
import type { NameExplanation } from '../../references/report.js';
import { printableName, quoted } from '../../text/printable.js';
import type { SearchedRoot, Verbosity } from '../reporter.js';

/**
 * Returns the matches of a name, in Django's words; at `-v 0` only their paths.
 *
 * @param origins whether to add which finder found each, and which one wins
 */
export function matchesText(
  { name, matches }: FindResult,
  verbosity: Verbosity,
  origins = verbosity >= 2,
): string {
  if (verbosity === 0) return matches.map(({ sourcePath }) => printableName(sourcePath)).join('\n');
  const lines = matches.map((match, index) => {
    const path = printableName(match.sourcePath);
    return origins ? `${path} (${origin(match, index === 0)})` : path;
  });
  return [`Found ${quoted(name)} here:`, ...lines].join('\n  ');
}

/** Returns the message for a name without a match, with what may help. */
export function noMatchText({ name, hidden, nearest }: FindResult): string {
  const lines = [`No matching file found for ${quoted(name)}.`];
  if (hidden?.by === 'include')
    lines.push(
      `${quoted(hidden.sourcePath)} is left out: no pattern of include matches it (${hidden.pattern}).`,
    );
  else if (hidden)
    lines.push(`${quoted(hidden.sourcePath)} is hidden by the ignore pattern ${quoted(hidden.pattern)}.`);
  if (nearest.length > 0) lines.push(`Did you mean ${nearest.map(quoted).join(', ')}?`);
  return lines.join('\n  ');
}

/** Returns the list of searched folders. */
export function searchedText(searched: readonly SearchedRoot[]): string {
  return ['Looking in the following locations:', ...searched.map(({ dir }) => printableName(dir))].join(
    '\n  ',
  );
}

function origin(match: Match, first: boolean): string {
  return `${printableName(`${match.finder}, ${match.root.setting}`)}: ${outcome(match, first)}`;
}

function outcome({ directory, sameBytes }: Match, first: boolean): string {
  // Folders with the same path do not shadow each other: the files of all of them are collected.
  if (directory) return 'directory';
  if (first) return 'wins';
  if (sameBytes === undefined) return 'shadowed';
  return sameBytes ? 'shadowed, same bytes' : 'shadowed, different bytes';
}

/** Returns the name that a file is published under, and why. */
export function whyText({ name, logicalPath, publicPath, isOutdated, explanation }: ExplainResult): string {
  if (publicPath === undefined) return `${quoted(logicalPath)} is not published as a file.`;
  const heading = `Published as ${quoted(publicPath)}`;
  if (explanation === undefined) return `${heading}: no processor adds fingerprints.`;
  const { keepsName, computedBy = [], refersTo, referredToBy, cycle, dependsOn } = explanation;
  return [
    isOutdated && `${quoted(name)} has the fingerprint of other bytes or settings.`,
    keepsName === undefined ? `${heading}.` : `${heading}. It keeps its name: ${keepsName}.`,
    computedBy.length > 0 && computedByText(computedBy),
    cycle &&
      listText(
        'In a cycle of references with',
        cycle.filter((each) => each !== logicalPath),
        'itself',
      ),
    listText('Refers to', refersTo, 'no other file'),
    listText('Referred to by', referredToBy, 'no other file'),
    listText('Its name depends on', dependsOn, 'only its own content'),
  ]
    .filter((text) => typeof text === 'string')
    .join('\n');
}

function computedByText(urls: NonNullable<NameExplanation['computedBy']>): string {
  const lines = urls.map(({ file, pattern }) => `${quoted(pattern)} in ${quoted(file)}`);
  return ['Computed URLs can name it:', ...lines].join('\n  ');
}

function listText(heading: string, names: readonly string[], none: string): string {
  return names.length === 0 ? `${heading} ${none}.` : [`${heading}:`, ...names.map(quoted)].join('\n  ');
}
