import type { Asked, Reply, TestServer } from '../serve/support/http.js';
import type { Site } from '../serve/support/site.js';

/** What a line is checked against: a server of a site's files under `/static/`. */
export interface Subject extends TestServer {
  readonly site: Site;
  /** Asks for a logical path, under its plain name. */
  plain(logicalPath: string, headers?: Asked['headers'], method?: string): Promise<Reply>;
  /** Asks for it under its fingerprinted name, which has compressed variants. */
  hashed(logicalPath: string, headers?: Asked['headers'], method?: string): Promise<Reply>;
}

/** A requirement, with the section that it comes from. */
export interface Line {
  readonly section: string;
  readonly requirement: string;
  /** Rejects where a server does not meet it. */
  check(subject: Subject): Promise<void>;
}

/** Lines of one section. */
export function lines(
  section: string,
  checks: Readonly<Record<string, (subject: Subject) => Promise<void>>>,
): readonly Line[] {
  return Object.entries(checks).map(([requirement, check]) => ({ section, requirement, check }));
}

/** The URL of a section of an RFC: `RFC 9110 §13.1.2`. */
export function sectionUrl(section: string): string | undefined {
  const [, rfc, number] = /^RFC (\d+)(?: §([\d.]+))?$/.exec(section) ?? [];
  if (rfc === undefined) return undefined;
  return `https://www.rfc-editor.org/rfc/rfc${rfc}${number === undefined ? '' : `#section-${number}`}`;
}
