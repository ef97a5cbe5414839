const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const CLOCK = '\\d{2}:\\d{2}:\\d{2}';

/** The three formats of https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7. */
const FIXED = new RegExp(`^[A-Z][a-z]{2}, \\d{2} (?:${MONTHS}) \\d{4} ${CLOCK} GMT$`);
const RFC_850 = new RegExp(`^[A-Z][a-z]{5,8}, (\\d{2}-(?:${MONTHS})-)(\\d{2})( ${CLOCK} GMT)$`);
const ASCTIME = new RegExp(`^[A-Z][a-z]{2} (?:${MONTHS}) [ \\d]\\d ${CLOCK} \\d{4}$`);

/**
 * Reads an HTTP date. `Date.parse` alone would accept other formats, and read asctime's as local time.
 *
 * @returns milliseconds since 1970; `undefined` if the text is not an HTTP date
 */
export function parseHttpDate(text: string): number | undefined {
  const time = Date.parse(normalised(text));
  return Number.isNaN(time) ? undefined : time;
}

function normalised(text: string): string {
  if (FIXED.test(text)) return text;
  if (ASCTIME.test(text)) return `${text} GMT`;
  const [, day, year, rest] = RFC_850.exec(text) ?? [];
  return year === undefined ? '' : `${day}${fullYear(Number(year))}${rest}`;
}

/** Completes a year of two digits. One that would be more than 50 years ahead is in the last century. */
function fullYear(year: number): number {
  const now = new Date().getUTCFullYear();
  const inThisCentury = now - (now % 100) + year;
  return inThisCentury > now + 50 ? inThisCentury - 100 : inThisCentury;
}
