import type { Reply, RequestOptions, TestServer } from '../serve/support/http.js';
import type { Site } from '../serve/support/site.js';

/** Server of a site's files under `/static/`. */
export interface Subject extends TestServer {
  readonly site: Site;
  /** Requests a file under its plain name. */
  plain(logicalPath: string, headers?: RequestOptions['headers'], method?: string): Promise<Reply>;
  /** Requests a file under its fingerprinted name, which has compressed variants. */
  hashed(logicalPath: string, headers?: RequestOptions['headers'], method?: string): Promise<Reply>;
}

/** Requirement of HTTP, one line of the page. */
export interface Line {
  /** Section of a specification: `RFC 9110 §13.1.2`. */
  readonly section: string;
  readonly requirement: string;
  /** Rejects if the server does not meet the requirement. */
  check(subject: Subject): Promise<void>;
}

/** Returns the requirements of one section. */
export function lines(
  section: string,
  checks: Readonly<Record<string, (subject: Subject) => Promise<void>>>,
): readonly Line[] {
  return Object.entries(checks).map(([requirement, check]) => ({ section, requirement, check }));
}

/** Returns the URL of a section of an RFC: `RFC 9110 §13.1.2`. */
export function sectionUrl(section: string): string | undefined {
  const [, rfc, number] = /^RFC (\d+)(?: §([\d.]+))?$/.exec(section) ?? [];
  if (rfc === undefined) return undefined;
  return `https://www.rfc-editor.org/rfc/rfc${rfc}${number === undefined ? '' : `#section-${number}`}`;
}
