/**
 * The index at which the last extension of a file name begins, with its dot; the name's length if it has none. Leading
 * dots do not begin an extension.
 *
 * @param baseName without folders; slashes are fillers that count as nothing
 * @example
 * extensionStart('a.tar.gz'); // 5
 * extensionStart('.htaccess'); // 9
 */
export function extensionStart(baseName: string): number {
  const leadingDots = /^[./]*/.exec(baseName)![0].length;
  const dot = baseName.lastIndexOf('.');
  return dot < leadingDots ? baseName.length : dot;
}
