/**
 * What was thrown, as an error. Of a large object that is refused, the client library of GCS throws the answer's body,
 * which has a message and a code, and no stack; and p-retry takes only errors.
 */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  if (typeof thrown !== 'object' || thrown === null) return new Error(String(thrown));
  const { message = 'The service gave no reason.' } = thrown as { readonly message?: unknown };
  return Object.assign(new Error(String(message)), thrown);
}
