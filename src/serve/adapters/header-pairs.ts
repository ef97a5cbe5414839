/** Names and values of headers, in pairs. */
export function* headerPairs(
  headers: readonly string[],
): Generator<[name: string, value: string], void, void> {
  for (let index = 0; index < headers.length; index += 2) yield [headers[index]!, headers[index + 1]!];
}
