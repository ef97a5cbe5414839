import { expect } from 'vitest';
import { type Fault, type ProxiedRequest, startFaultProxy } from '../fault-proxy.js';
import { play, type Scenario } from './scenario.js';
import type { FaultySubject } from './subjects.js';

/** A fault between the command and a service. */
interface NetworkFault {
  readonly fault: string;
  /** Returns what the proxy does. */
  meet(subject: FaultySubject): Fault;
  /** Matches the message of the run if it must fail. `undefined` if it must publish anyway. */
  readonly message?: RegExp;
}

const NETWORK_FAULTS: readonly NetworkFault[] = [
  {
    fault: 'One request in ten is answered with 500',
    meet: () => ({ fault: 'answer', status: 500, share: 0.1 }),
  },
  {
    fault: 'One request in ten is answered with 503, as by an overloaded service',
    meet: ({ busy }) => ({ fault: 'answer', ...busy, share: 0.1 }),
  },
  {
    fault: 'One request in ten is answered with 429',
    meet: () => ({ fault: 'answer', status: 429, share: 0.1 }),
  },
  {
    fault: 'All requests are answered with 503',
    meet: ({ busy }) => ({ fault: 'answer', ...busy }),
    message: /fewer requests|503|busy/i,
  },
  {
    fault: 'All requests are answered with 500',
    meet: () => ({ fault: 'answer', status: 500 }),
    message: /500/,
  },
  {
    fault: 'One connection in ten is refused',
    meet: () => ({ fault: 'refuse', share: 0.1 }),
  },
  {
    fault: 'Three connections are cut while a file is sent',
    meet: ({ isFile }) => ({ fault: 'cut request', when: isFile, times: 3 }),
  },
  {
    fault: 'Three connections are cut while an answer arrives',
    meet: () => ({ fault: 'cut answer', times: 3 }),
  },
  {
    fault: 'All connections are cut while files are sent',
    meet: ({ isFile }) => ({ fault: 'cut request', when: isFile }),
    message: /connection/i,
  },
  {
    fault: 'Three requests for the head are never answered',
    meet: () => ({ fault: 'silence', when: isForHead, times: 3 }),
  },
  {
    // Once, since a store waits for two minutes.
    fault: 'A request with a file is never answered',
    meet: ({ isFile }) => ({ fault: 'silence', when: isFile, times: 1 }),
  },
  {
    fault: 'Each request is delayed by a quarter of a second',
    meet: () => ({ fault: 'delay', milliseconds: 250 }),
  },
  {
    fault: 'Each file arrives with one wrong byte',
    meet: ({ isFile }) => ({ fault: 'corrupt request', when: isFile }),
    // Azure's emulator has another code for it than the service.
    message: /the bytes were damaged on the way|contentMD5 doesn't match/,
  },
];

/** GCS has the name in the query when it writes, and escaped in the path when it reads. */
function isForHead({ path, query }: ProxiedRequest): boolean {
  return `${path} ${query.get('name')}`.includes('/.staticfiles-head.json');
}

export function networkScenarios(subjects: readonly FaultySubject[]): readonly Scenario[] {
  return NETWORK_FAULTS.flatMap(({ fault, meet, message }) =>
    subjects.map((subject) => ({
      section: 'Between the command and the service',
      fault,
      service: subject.service,
      async run() {
        const proxy = await startFaultProxy(subject.port);
        proxy.meet(sparing(meet(subject), subject));
        const options = message && { options: subject.impatient };
        const outcome = await play({ ...subject, port: proxy.port, ...options, message });
        await proxy.close();
        expect(proxy.seen.some((request) => request.fault !== undefined)).toBe(true);
        return outcome;
      },
    })),
  );
}

/** Leaves the requests alone after which the server itself could not go on. */
function sparing(fault: Fault, { recovers }: FaultySubject): Fault {
  return { ...fault, when: (request) => recovers(request) && (fault.when?.(request) ?? true) };
}
