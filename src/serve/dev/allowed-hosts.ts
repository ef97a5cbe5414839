import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { StaticFilesError } from '../../errors.js';
import type { StaticRequest } from '../answer.js';
import type { Refuse } from '../answering/answer-requests.js';
import { textOf } from '../http/conditions.js';
import { hostRefused } from '../http/refusals.js';

const LOOPBACK = new BlockList();

LOOPBACK.addSubnet('127.0.0.0', 8);

LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Returns a check that refuses requests for hosts other than this machine and the allowed ones.
 *
 * A web page can make its own host name resolve to 127.0.0.1 and then read the answers of a server there (DNS
 * rebinding). Its requests still have that name as their host.
 *
 * @param allowedHosts as in Django's `ALLOWED_HOSTS`: `dev.example.com`, `.example.com` (and all below it), `*` for any
 * @throws StaticFilesError `usage` if one is not a host
 */
export function createHostCheck(allowedHosts: readonly string[] = []): Refuse {
  const allowed = allowedHosts.map(normalised);
  const isAllowed = (host: string) =>
    isLoopback(host) || allowed.some((each) => each === '*' || each === host || isBelow(host, each));
  return (request) => {
    const refused = hostsOf(request).find((host) => !isAllowed(parseHost(host) ?? ''));
    return refused === undefined ? undefined : hostRefused(parseHost(refused));
  };
}

/** Returns the hosts that a request names. Browsers always send one, so a request without any is not from a web page. */
function hostsOf({ url = '', headers }: StaticRequest): readonly string[] {
  const inTarget = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
  // HTTP/2 has the host in `:authority`.
  const all = [inTarget, textOf(headers.host), textOf(headers[':authority'])];
  return all.filter((host) => host !== undefined);
}

/**
 * Returns the host without its port and in the form of a URL: lower case, with normalised addresses.
 *
 * @returns `undefined` if it is malformed
 */
function parseHost(text: string): string | undefined {
  const [, host] = /^(\[[\da-f:.]+\]|[^\s/?#@\\:[\]]+)(?::\d*)?$/i.exec(text) ?? [];
  const url = host === undefined ? undefined : `http://${host.replace(/\.$/, '')}`;
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (isIPv4(address)) return LOOPBACK.check(address);
  return isIPv6(address) && LOOPBACK.check(address, 'ipv6');
}

function isBelow(host: string, domain: string): boolean {
  return domain.startsWith('.') && (host.endsWith(domain) || host === domain.slice(1));
}

function normalised(allowed: string): string {
  if (allowed === '*') return allowed;
  const dot = allowed.startsWith('.') ? '.' : '';
  const name = allowed.slice(dot.length);
  const written = isIPv6(name) ? `[${name}]` : name;
  const hasPort = !written.endsWith(']') && written.includes(':');
  const host = hasPort ? undefined : parseHost(written);
  if (host !== undefined) return dot + host;
  throw new StaticFilesError(
    'usage',
    `allowedHosts: '${allowed}' is not a host. Write a name without scheme and port: 'dev.example.com', or '.example.com' for all hosts below it.`,
  );
}
