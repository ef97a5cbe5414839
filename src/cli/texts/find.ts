import type { ExplainResult } from '../../explain.js';
import type { FindResult, Match } from '../../findstatic.js';
import { printableName, quoted } from '../../text/printable.js';
import type { SearchedRoot, Verbosity } from '../reporter.js';

/**
 * The matches of a name, in Django's words; at `-v 0` their paths alone.
 *
 * @param provenances whether to say where each comes from and which one wins; from `-v 2` on unless given
 */
export function matchesText(
  { name, matches }: FindResult,
  verbosity: Verbosity,
  provenances = verbosity >= 2,
): string {
  if (verbosity === 0) return matches.map(({ sourcePath }) => printableName(sourcePath)).join('\n');
  const lines = matches.map((match, index) => {
    const path = printableName(match.sourcePath);
    return provenances ? `${path} (${provenance(match, index === 0)})` : path;
  });
  return [`Found ${quoted(name)} here:`, ...lines].join('\n  ');
}

/** What is said of a name without a match, and what may help. */
export function noMatchText({ name, hidden, nearest }: FindResult): string {
  const lines = [`No matching file found for ${quoted(name)}.`];
  if (hidden)
    lines.push(`${quoted(hidden.sourcePath)} is hidden by the ignore pattern ${quoted(hidden.pattern)}.`);
  if (nearest.length > 0) lines.push(`Did you mean ${nearest.map(quoted).join(', ')}?`);
  return lines.join('\n  ');
}

/** The folders that were searched. */
export function searchedText(searched: readonly SearchedRoot[]): string {
  return ['Looking in the following locations:', ...searched.map(({ dir }) => printableName(dir))].join(
    '\n  ',
  );
}

function provenance(match: Match, first: boolean): string {
  return `${printableName(`${match.finder}, ${match.root.setting}`)}: ${standing(match, first)}`;
}

function standing({ directory, sameBytes }: Match, first: boolean): string {
  // Folders of one name do not shadow each other: their files are collected together.
  if (directory) return 'directory';
  if (first) return 'wins';
  if (sameBytes === undefined) return 'shadowed';
  return sameBytes ? 'shadowed, same bytes' : 'shadowed, different bytes';
}

/** Under which name a file is published, and why. */
export function whyText({ logicalPath, publicPath, explanation }: ExplainResult): string {
  if (publicPath === undefined) return `${quoted(logicalPath)} is not published as a file.`;
  const heading = `Published as ${quoted(publicPath)}`;
  if (explanation === undefined) return `${heading}: no processor gives names by content.`;
  const { keepsName, refersTo, referredToBy, cycle, dependsOn } = explanation;
  return [
    keepsName === undefined ? `${heading}.` : `${heading}. It keeps its name: ${keepsName}.`,
    cycle &&
      listText(
        'In a cycle of references with',
        cycle.filter((each) => each !== logicalPath),
        'itself',
      ),
    listText('Refers to', refersTo, 'no other file'),
    listText('Referred to by', referredToBy, 'no other file'),
    listText('Its name depends on', dependsOn, 'its own content alone'),
  ]
    .filter((text) => text !== undefined)
    .join('\n');
}

function listText(heading: string, names: readonly string[], none: string): string {
  return names.length === 0 ? `${heading} ${none}.` : [`${heading}:`, ...names.map(quoted)].join('\n  ');
}
