import { quoted } from '../../printable.js';
import type { WhyResult } from '../../why.js';

/** Under which name a file is published, and why. */
export function whyText({ logicalPath, publicPath, explanation }: WhyResult): string {
  if (publicPath === undefined) return `${quoted(logicalPath)} is not published as a file.`;
  const heading = `Published as ${quoted(publicPath)}`;
  if (explanation === undefined) return `${heading}: no processor gives names by content.`;
  const { fixed, refersTo, referredToBy, cycle, dependsOn } = explanation;
  return [
    fixed === undefined ? `${heading}.` : `${heading}, its plain name: ${fixed}.`,
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
