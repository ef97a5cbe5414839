const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const CLOCK = '\\d{2}:\\d{2}:\\d{2}';

/** The three forms of https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7. */
const FIXED = new RegExp(`^[A-Z][a-z]{2}, \\d{2} (?:${MONTHS}) \\d{4} ${CLOCK} GMT$`);
const RFC_850 = new RegExp(`^[A-Z][a-z]{5,8}, (\\d{2}-(?:${MONTHS})-)(\\d{2})( ${CLOCK} GMT)$`);
const ASCTIME = new RegExp(`^[A-Z][a-z]{2} (?:${MONTHS}) [ \\d]\\d ${CLOCK} \\d{4}$`);

/**
 * Reads an HTTP date. (`Date.parse` alone takes much that is none, and takes asctime's form for local time.)
 *
 * @returns Milliseconds since 1970, or `undefined` where it is none.
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

/** A year of two digits that seems to be more than 50 years ahead is of the century before. */
function fullYear(year: number): number {
  const now = new Date().getUTCFullYear();
  const inThisCentury = now - (now % 100) + year;
  return inThisCentury > now + 50 ? inThisCentury - 100 : inThisCentury;
}
