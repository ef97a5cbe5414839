/** A path between quotes, on one line whatever its name holds: control characters are shown as escapes. */
export function quoted(path: string): string {
  return `'${path.replace(/\p{Cc}/gu, escapeControl)}'`;
}

/** JSON's escape for a control character; those above U+007E have none there. */
function escapeControl(character: string): string {
  const escaped = JSON.stringify(character).slice(1, -1);
  return escaped === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
}
