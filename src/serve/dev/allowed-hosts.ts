import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { StaticFilesError } from '../../errors.js';
import type { Answer, StaticRequest } from '../answer.js';
import { textOf } from '../http/conditions.js';
import { hostRefused } from '../http/refusals.js';

/** Gives the answer to a request that must not be answered with files. */
export type Refuse = (request: StaticRequest) => Answer | undefined;

const LOOPBACK = new BlockList();

LOOPBACK.addSubnet('127.0.0.0', 8);

LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Makes what refuses requests to other hosts than this machine and those that are allowed.
 *
 * A web page can have its own host name resolve to 127.0.0.1, and then reads what a server there answers
 * (DNS rebinding). Its requests still have that name as their host.
 *
 * @param allowedHosts as Django's `ALLOWED_HOSTS`: `dev.example.com`, `.example.com` for it and all below, `*` for any
 * @throws StaticFilesError `usage` for what is not a host
 */
export function createHostCheck(allowedHosts: readonly string[] = []): Refuse {
  const allowed = allowedHosts.map(normalised);
  const isAllowed = (host: string) =>
    isLoopback(host) || allowed.some((each) => each === '*' || each === host || isBelow(host, each));
  return (request) => {
    const refused = hostsOf(request).find((asked) => !isAllowed(parseHost(asked) ?? ''));
    return refused === undefined ? undefined : hostRefused(parseHost(refused));
  };
}

/** What a request says of its host. Web pages cannot leave it out; a client that does is none. */
function hostsOf({ url = '', headers }: StaticRequest): readonly string[] {
  const inTarget = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
  // HTTP/2 has the host in `:authority`.
  const all = [inTarget, textOf(headers.host), textOf(headers[':authority'])];
  return all.filter((host) => host !== undefined);
}

/**
 * The host without its port, as a URL has it: in lower case, addresses in their usual form.
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
    `allowedHosts: '${allowed}' is not a host. Write a name without scheme and port: 'dev.example.com', or '.example.com' for all below it.`,
  );
}
