/**
 * Arguments that change how rsync sends files. Others could change which files it sends or how it compares them. Then the
 * manifest would name files that are not there.
 */
const FLAGS: readonly string[] = [
  '--blocking-io',
  '--compress',
  '--delay-updates',
  '--fsync',
  '--ipv4',
  '--ipv6',
  '--new-compress',
  '--no-compress',
  '--no-old-args',
  '--no-perms',
  '--no-times',
  '--no-whole-file',
  '--old-args',
  '--old-compress',
  '--protect-args',
  '--secluded-args',
  '--stats',
  '--verbose',
  '--whole-file',
];

/** Allowed arguments that take a value after `=`. */
const WITH_VALUE: readonly string[] = [
  '--address',
  '--bwlimit',
  '--chmod',
  '--chown',
  '--compress-choice',
  '--compress-level',
  '--compress-threads',
  '--contimeout',
  '--groupmap',
  '--password-file',
  '--port',
  '--protocol',
  '--rsync-path',
  '--skip-compress',
  '--sockopts',
  '--timeout',
  '--usermap',
  '--zc',
  '--zl',
];

/** One or several letters after a hyphen: `-z`, `-zv`, `-46`. */
const LETTERS = /^-[zvsW46]+$/;

/** What to use instead of other arguments. */
const INSTEAD: readonly (readonly [argument: RegExp, hint: string])[] = [
  [
    /^--(?:exclude|include|filter|cvs-exclude|max-size|min-size)|^-[a-zA-Z]*[fFC]/,
    "Leave files out with the setting 'ignore'",
  ],
  [/^--(?:del|remove-)/, "Delete with 'collectstatic --clear' or 'staticfiles prune'"],
  [/^--rsh\b|^-[a-zA-Z]*e/, "Use the option 'ssh'"],
  [/^--dry-run$|^-[a-zA-Z]*n/, "Use 'collectstatic --dry-run'"],
];

/** Returns what is wrong with an argument and what to do, or `undefined` if it is allowed. */
export function problemOfArgument(argument: string): string | undefined {
  if (!argument.startsWith('-'))
    return "an argument is one word that begins with '-', such as '--chmod=F640'. Leave it out";
  const [name = '', value] = split(argument);
  if (FLAGS.includes(argument) || LETTERS.test(argument)) return undefined;
  if (!WITH_VALUE.includes(name)) return `it may change which files arrive, or how. ${hintFor(argument)}`;
  if (!value) return `it needs a value. Write '${name}=…', in one word`;
  if (name === '--rsync-path' && /(?:^|[\s/"'])rsync["']?\s+-/.test(value))
    return "arguments of the remote rsync may change which files arrive. End it with the program, such as '--rsync-path=sudo rsync'";
  return undefined;
}

function split(argument: string): readonly [name: string, value?: string] {
  const at = argument.indexOf('=');
  return at === -1 ? [argument] : [argument.slice(0, at), argument.slice(at + 1)];
}

function hintFor(argument: string): string {
  const hint = INSTEAD.find(([pattern]) => pattern.test(argument))?.[1];
  const allowed = [
    ...FLAGS,
    ...WITH_VALUE.map((name) => `${name}=…`),
    '-z',
    '-v',
    '-s',
    '-W',
    '-4',
    '-6',
  ].sort();
  return hint ?? `Allowed are: ${allowed.join(', ')}`;
}
