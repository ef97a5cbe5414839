import { expect } from 'vitest';
import { type Fault, startFaultProxy } from '../fault-proxy.js';
import { play, type Scenario } from './scenario.js';
import type { FaultySubject } from './subjects.js';

/** What happens between the command and a service. */
interface NetworkFault {
  readonly fault: string;
  /** What the proxy does meanwhile. */
  meet(subject: FaultySubject): Fault;
  /** Fits what the run says where it is to fail; none where it is to publish all the same. */
  readonly message?: RegExp;
}

const NETWORK_FAULTS: readonly NetworkFault[] = [
  {
    fault: 'One request in ten is answered with 500',
    meet: () => ({ fault: 'answer', status: 500, share: 0.1 }),
  },
  {
    fault: 'One request in ten is answered with 503, as of a service that is asked too much',
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
    fault: 'Three connections are cut while an answer comes',
    meet: () => ({ fault: 'cut answer', times: 3 }),
  },
  {
    fault: 'All connections are cut while files are sent',
    meet: ({ isFile }) => ({ fault: 'cut request', when: isFile }),
    message: /connection/i,
  },
  {
    fault: 'Each request waits for a quarter of a second',
    meet: () => ({ fault: 'delay', milliseconds: 250 }),
  },
  {
    fault: 'Each file arrives with one byte that is another one',
    meet: ({ isFile }) => ({ fault: 'corrupt request', when: isFile }),
    // The emulator of Azure has another code than the service for it.
    message: /the bytes did not arrive as they were sent|contentMD5 doesn't match/,
  },
];

export function networkScenarios(subjects: readonly FaultySubject[]): readonly Scenario[] {
  return NETWORK_FAULTS.flatMap(({ fault, meet, message }) =>
    subjects.map((subject) => ({
      section: 'Between the command and the service',
      fault,
      service: subject.service,
      async run() {
        const proxy = await startFaultProxy(subject.port);
        proxy.meet(meet(subject));
        const options = message && { options: subject.impatient };
        const outcome = await play({ ...subject, port: proxy.port, ...options, message });
        await proxy.close();
        expect(proxy.seen.some((request) => request.fault !== undefined)).toBe(true);
        return outcome;
      },
    })),
  );
}
