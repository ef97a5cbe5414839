import { Tokenizer } from 'htmlparser2';
import { bomLength, decodeUtf8, utf16Warning } from '../encoding.js';
import { unescapeText } from '../escapes.js';
import { readHtmlReference, readXmlReference } from '../markup/character-references.js';
import { jsonStrings } from './json-strings.js';
import { looksLikeFile, type NamedString, type StringScanner } from './named-string.js';
import { scriptStrings } from './script-strings.js';

/** Finds attributes of an HTML page that look like names of files, and such strings in its scripts. */
export const htmlStrings: StringScanner = (bytes) => markupStrings(bytes, false);

/** Finds attributes of an XML file, such as a DASH manifest, that look like names of files. */
export const xmlStrings: StringScanner = (bytes) => markupStrings(bytes, true);

function markupStrings(bytes: Buffer, xmlMode: boolean): readonly NamedString[] {
  if (utf16Warning(bytes)) return [];
  const base = bomLength(bytes);
  const latin1 = bytes.toString('latin1', base);
  const kind = xmlMode ? 'xml-attribute' : 'html-attribute';
  const readReference = xmlMode ? readXmlReference : readHtmlReference;
  const found: NamedString[] = [];
  let element = '';
  let type = '';
  let attribute = '';
  let scriptStart: number | undefined;

  function takeAttribute(from: number, to: number): void {
    if (attribute === 'type') type = latin1.slice(from, to).toLowerCase();
    const { value } = unescapeText(latin1.slice(from, to), readReference, decodeUtf8, '&');
    if (value !== undefined && looksLikeFile(value.trim()))
      found.push({ kind, start: base + from, end: base + to, value: value.trim() });
  }

  function takeScript(to: number): void {
    if (scriptStart === undefined) return;
    const from = base + scriptStart;
    scriptStart = undefined;
    if (type === 'importmap') return; // its URLs are references
    const scan = type.endsWith('json') ? jsonStrings : scriptStrings;
    const strings = scan(bytes.subarray(from, base + to));
    for (const each of strings) found.push({ ...each, start: from + each.start, end: from + each.end });
  }

  const ignore = () => {};
  const tokenizer = new Tokenizer(
    { xmlMode, decodeEntities: false },
    {
      onopentagname(start, end) {
        element = latin1.slice(start, end).toLowerCase();
        type = '';
      },
      onattribname(start, end) {
        attribute = latin1.slice(start, end).toLowerCase();
      },
      onattribdata: takeAttribute,
      onopentagend(end) {
        if (!xmlMode && element === 'script') scriptStart = end + 1;
      },
      onclosetag: (start) => takeScript(start - 2),
      ...{ onselfclosingtag: ignore, ontext: ignore, ontextentity: ignore, onprocessinginstruction: ignore },
      ...{ onattribentity: ignore, onattribend: ignore },
      ...{ oncdata: ignore, oncomment: ignore, ondeclaration: ignore, onend: ignore },
    },
  );
  tokenizer.write(latin1);
  tokenizer.end();
  return found;
}
