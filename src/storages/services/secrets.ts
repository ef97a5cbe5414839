const HIDDEN = '…';

/**
 * What the services' libraries may put into a message of theirs: signed addresses, headers, connection strings, ids of
 * AWS access keys (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes).
 */
const KNOWN_FORMS: readonly RegExp[] = [
  /(?<=\b(?:sig|X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|X-Goog-Signature|X-Goog-Credential|access_token)=)[^&\s'"]+/gi,
  /(?<=\b(?:AccountKey|SharedAccessSignature)=)[^;\s'"]+/gi,
  /(?<=\b(?:Bearer|SharedKey|Signature=|Credential=)\s*)[\w+/=.:~-]{8,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g,
];

/**
 * A text without credentials: neither those given nor what looks like one.
 *
 * @example
 * withoutSecrets('GET https://x.blob.core.windows.net/c?sv=2024&sig=abc%3D', []); // '…?sv=2024&sig=…'
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret.length > 3);
  const without = known.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  return KNOWN_FORMS.reduce((rest, form) => rest.replaceAll(form, HIDDEN), without);
}
