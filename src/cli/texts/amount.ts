import type { FileAmount } from '../../releases/releases.js';

const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** `12 files (1.1 MB)` */
export function amountText({ files, size }: FileAmount): string {
  return `${files} ${files === 1 ? 'file' : 'files'} (${sizeText(size)})`;
}

/** A number of bytes, with the unit that keeps it short: `512 B`, `1.1 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(UNITS.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${UNITS[power - 1]}`;
}

/** In UTC, to the minute: `2026-11-21 08:03 UTC`. */
export function timeText(time: Date | undefined): string {
  return time === undefined
    ? 'at an unknown time'
    : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
