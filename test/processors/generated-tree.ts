import fc from 'fast-check';

/** Encodings of a file's text. */
const ENCODINGS = ['utf-8', 'bom', 'crlf', 'latin1', 'invalid', 'utf-16'] as const;

/** A generated reference. */
export interface GeneratedReference {
  /** The index of the file it names. */
  readonly target: number;
  /** Which of the language's five forms it has. The last is the source map comment. */
  readonly form: number;
  readonly quote: '"' | "'";
  /** Whether every character that may be percent-escaped is. */
  readonly escaped: boolean;
  readonly absolute: boolean;
}

/** A file of a generated tree. */
export interface GeneratedFile {
  readonly logicalPath: string;
  readonly encoding: (typeof ENCODINGS)[number];
  readonly references: readonly GeneratedReference[];
  /** Changed by an edit that leaves the references alone. */
  readonly salt: number;
}

export type GeneratedTree = readonly GeneratedFile[];

const letters = fc.constantFrom(
  ...[
    'a',
    'b',
    '.',
    ' ',
    '%',
    'é',
    '日',
    '😀',
    "'",
    '"',
    '#',
    '?',
    '(',
    ')',
    '%20',
    '%2e',
    ':',
    '\\',
    '&',
    '$',
  ],
);
const stem = fc
  .array(letters, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''))
  .filter((name) => /[^.]/.test(name));
const extension = fc.constantFrom('.css', '.css', '.js', '.js', '.mjs', '.png', '', '.tar.gz', '.CSS');
const folder = fc.constantFrom('', '', 'd/', 'd/e é/', 'f%/');
const logicalPath = fc.tuple(folder, stem, extension).map((parts) => parts.join(''));

/** Trees of style sheets, scripts and other files that refer to each other, also in cycles. */
export const generatedTree: fc.Arbitrary<GeneratedTree> = fc
  .uniqueArray(logicalPath, { minLength: 2, maxLength: 7 })
  .chain((paths) => fc.tuple(...paths.map((name) => fileOf(name, paths.length))));

function fileOf(name: string, count: number): fc.Arbitrary<GeneratedFile> {
  const reference = fc.record({
    target: fc.nat(count - 1),
    form: fc.nat(4),
    quote: fc.constantFrom('"' as const, "'" as const),
    escaped: fc.boolean(),
    absolute: fc.boolean(),
  });
  return fc.record({
    logicalPath: fc.constant(name),
    encoding: fc.constantFrom(...ENCODINGS),
    references: fc.array(reference, { maxLength: 3 }),
    salt: fc.nat(1000),
  });
}
