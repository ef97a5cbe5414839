import type { StaticRequest } from '../answer.js';
import { parseHttpDate } from './http-date.js';

/** Validators of a representation. https://www.rfc-editor.org/rfc/rfc9110#section-8.8 */
export interface Validators {
  /** Strong ETag with its quotes. */
  readonly etag: string;
  /** Milliseconds since 1970, whole seconds. */
  readonly lastModified: number;
  /** Whether the file cannot have changed twice within the second of `lastModified`. */
  readonly isDateStrong: boolean;
}

/**
 * Evaluates the conditions of a GET or HEAD in the order of https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2.
 *
 * @returns the status that replaces 200; `undefined` if all conditions hold
 */
export function evaluateConditions(
  headers: StaticRequest['headers'],
  validators: Validators,
): 304 | 412 | undefined {
  return isPreconditionFailed(headers, validators) ? 412 : isUnchanged(headers, validators) ? 304 : undefined;
}

function isPreconditionFailed(
  headers: StaticRequest['headers'],
  { etag, lastModified }: Validators,
): boolean {
  const match = textOf(headers['if-match']);
  if (match !== undefined) return !isListed(match, (each) => each === etag);
  const since = dateOf(headers['if-unmodified-since']);
  return since !== undefined && lastModified > since;
}

function isUnchanged(headers: StaticRequest['headers'], { etag, lastModified }: Validators): boolean {
  const noneMatch = textOf(headers['if-none-match']);
  if (noneMatch !== undefined) {
    return noneMatch === etag || isListed(noneMatch, (each) => each === etag || each === `W/${etag}`);
  }
  const since = dateOf(headers['if-modified-since']);
  return since !== undefined && lastModified <= since;
}

/** Whether a Range counts. If If-Range names another representation, the whole file is sent. */
export function isRangeValid(ifRange: string | undefined, validators: Validators): boolean {
  if (ifRange === undefined) return true;
  // A weak tag begins with W/, and never matches.
  if (ifRange.includes('"')) return ifRange.trim() === validators.etag;
  return validators.isDateStrong && parseHttpDate(ifRange) === validators.lastModified;
}

const ENTITY_TAG = /(?:W\/)?"[^"]*"/g;

function isListed(list: string, isMatch: (entityTag: string) => boolean): boolean {
  return list.trim() === '*' || (list.match(ENTITY_TAG)?.some(isMatch) ?? false);
}

function dateOf(header: StaticRequest['headers'][string]): number | undefined {
  const text = textOf(header);
  return text === undefined ? undefined : parseHttpDate(text);
}

/** Returns the text of a header; repeated ones are joined. */
export function textOf(header: StaticRequest['headers'][string]): string | undefined {
  return typeof header === 'string' || header === undefined ? header : header.join(', ');
}
