/** What services have in common: what is wrong, and what to do. No full stop at the end. */
export const DAMAGED =
  'the bytes did not arrive as they were sent, by their checksum. Run again; if it stays, look at the network';
export const BUSY =
  'the service asked for fewer requests until the end. Run again later, or with a lower concurrency';
export const CLOCK =
  'the clock of this machine differs too much from that of the service. Set the clock, best by NTP';

/** @param said how often it was tried, and what the service said: `503 (SlowDown), also at attempt 8` */
export function failedWords(said: string): string {
  return `the service failed with ${said}. Run again: only what is missing is sent`;
}
