/** How many files a message names. */
const NAMED = 5;

/** `12 files: 'a.css', 'b.css', 'c.css', 'd.css', 'e.css' and 7 more` */
export function filesText(files: readonly string[]): string {
  const names = files.slice(0, NAMED).map((file) => `'${file}'`);
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  return `${files.length} ${files.length === 1 ? 'file' : 'files'}: ${names.join(', ')}${more}`;
}
