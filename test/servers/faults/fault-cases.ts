import type { Fault, ProxiedRequest } from '../fault-proxy.js';

/** What a service of objects answers and calls its options. */
export interface Dialect {
  /** Options with which a run gives up soon. */
  readonly impatient: Readonly<Record<string, unknown>>;
  /** The answer of a service that has too much to do. */
  readonly busy: { readonly status: number; readonly body: string };
}

/** Something that goes wrong, and what a run is to make of it. */
export interface FaultCase {
  readonly name: string;
  /** What the proxy does meanwhile. */
  faults(dialect: Dialect): readonly Fault[];
  /** Fits what the run says where it is to fail; none where it is to publish all the same. */
  readonly message?: RegExp;
}

const isWrite = ({ method }: ProxiedRequest) => method === 'PUT' || method === 'POST';
/** Long enough to have a middle. */
const isLong = ({ headers }: ProxiedRequest) => Number(headers['content-length'] ?? 0) > 1000;
const isLargeWrite = (request: ProxiedRequest) => isWrite(request) && isLong(request);

/** What any service can suffer from. */
export const FAULT_CASES: readonly FaultCase[] = [
  {
    name: 'one request in ten is answered with 500',
    faults: () => [{ fault: 'answer', status: 500, share: 0.1 }],
  },
  {
    name: 'one request in ten is answered with 503',
    faults: ({ busy }) => [{ fault: 'answer', ...busy, share: 0.1 }],
  },
  {
    name: 'one request in ten is answered with 429',
    faults: () => [{ fault: 'answer', status: 429, share: 0.1 }],
  },
  {
    name: 'the service asks for fewer requests until the end',
    faults: ({ busy }) => [{ fault: 'answer', ...busy }],
    message: /fewer requests|503|busy/i,
  },
  {
    name: 'the service fails with 500 until the end',
    faults: () => [{ fault: 'answer', status: 500 }],
    message: /500/,
  },
  {
    name: 'one connection in ten is refused',
    faults: () => [{ fault: 'refuse', share: 0.1 }],
  },
  {
    name: 'connections are cut while a file is sent, three times',
    faults: () => [{ fault: 'cut request', when: isLargeWrite, times: 3 }],
  },
  {
    name: 'connections are cut while an answer comes, three times',
    faults: () => [{ fault: 'cut answer', times: 3 }],
  },
  {
    name: 'connections are cut while files are sent, until the end',
    faults: () => [{ fault: 'cut request', when: isLargeWrite }],
    message: /connection|network|cut|reset|closed/i,
  },
  {
    name: 'each answer takes a quarter of a second',
    faults: () => [{ fault: 'delay', milliseconds: 250 }],
  },
  {
    name: 'a byte of a file is another one when it arrives, once',
    faults: () => [{ fault: 'corrupt request', when: isLargeWrite, times: 1 }],
  },
  {
    name: 'a byte of each file is another one when it arrives',
    faults: () => [{ fault: 'corrupt request', when: isLargeWrite }],
    message: /did not arrive as they were sent|checksum|MD5|CRC/i,
  },
];
