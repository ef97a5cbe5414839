import type { UrlTest } from '../reference.js';

/** Where a script looks for `script` elements, to find out the URL of one. */
const SCRIPT_LOOK_UP =
  /\bcurrentScript\b|\bgetElementsByTagName\(\s*["'`]script["'`]|\bdocument\.scripts\b|\bquerySelector(?:All)?\(\s*\\?["'`]script\b/g;

/** A file without any of these is not searched. */
const SCRIPT_SIGNS = ['currentScript', 'getElementsByTagName', 'document.scripts', 'querySelector'];

/** Where a script asks for the style of an element, whose `url()` it may take apart. */
const STYLE_SIGNS = ['getComputedStyle', 'currentStyle'];

/** How far from the look-up the test of the URL is. */
const NEAR = 3000;

/** A regular expression. Only punctuation can be before it: after a name or a number, a slash divides. */
const REGEXP =
  /(?<=[(,=:[!&|?;{}\s])\/(?![*/])((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\]){1,200})\/[dgimsuvy]*/g;

const NAME = /(["'`])([\w@~%.\-/]{1,100}\.[cm]?js)\1/g;

/** A method of texts that gets a name: `src.endsWith("app.js")`. */
const CALL =
  /\.(endsWith|includes|(?:lastI|i)ndexOf|match|replace|search|split)\(\s*(["'`])([\w@~%.\-/]{1,100}\.[cm]?js)\2/g;

/** An attribute selector: `script[src*="app.js"]`. */
const SELECTOR = /\bscript\[src\s*([*$]?=)\s*\\?["']?([^"'\]\\]{1,100})/g;

const IMAGE = /\\\.(?:png|gif|jpe?g|svg|webp)/;

/**
 * Finds the tests by which a script recognises the URL of a script, or of an image in a style sheet, that it looks up at
 * run time. A fingerprint in the URL may fail such a test.
 */
export function urlTests(bytes: Buffer): readonly UrlTest[] {
  const looksForScript = SCRIPT_SIGNS.some((sign) => bytes.includes(sign));
  const looksForStyle = STYLE_SIGNS.some((sign) => bytes.includes(sign));
  if (!looksForScript && !looksForStyle) return [];
  const text = bytes.toString('latin1');
  const tests = looksForScript ? nearLookUps(text).flatMap(scriptTests) : [];
  return looksForStyle ? [...tests, ...imageTests(text)] : tests;
}

/** Returns the parts of a script that are near a look-up of scripts. */
function nearLookUps(text: string): readonly string[] {
  const parts: { from: number; to: number }[] = [];
  for (const { index } of text.matchAll(SCRIPT_LOOK_UP)) {
    const last = parts.at(-1);
    if (last !== undefined && index - NEAR <= last.to) last.to = index + NEAR;
    else parts.push({ from: Math.max(0, index - NEAR), to: index + NEAR });
  }
  return parts.map(({ from, to }) => text.slice(from, to));
}

function scriptTests(part: string): readonly UrlTest[] {
  const test = (by: UrlTest['by'], text: string): UrlTest => ({ of: 'script', by, text });
  const patterns = Array.from(part.matchAll(REGEXP), ([, source]) => test('pattern', source!));
  return [
    ...patterns.filter(({ text }) => text.includes('js')),
    ...Array.from(part.matchAll(CALL), ([, method, , name]) =>
      test(method === 'endsWith' ? 'end' : 'text', name!),
    ),
    ...Array.from(part.matchAll(SELECTOR), ([, operator, name]) =>
      test(operator === '*=' ? 'text' : 'end', name!),
    ),
    ...Array.from(part.matchAll(NAME), ([, , name]) => test('name', name!)),
  ];
}

function imageTests(text: string): readonly UrlTest[] {
  if (!IMAGE.test(text)) return [];
  return Array.from(text.matchAll(REGEXP), ([, source]) => source!)
    .filter((source) => IMAGE.test(source))
    .map((source): UrlTest => ({ of: 'image', by: 'pattern', text: source }));
}
