import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { must } from '../../system/install.js';
import { startFaultProxy } from '../fault-proxy.js';
import { debianFile } from '../start/install.js';
import { play, type Scenario } from './scenario.js';
import type { FaultySubject } from './subjects.js';

/** The packages of services, by the name of the storage. */
const PACKAGES: Readonly<Record<string, string>> = {
  s3: '@aws-sdk/client-s3',
  azure: '@azure/storage-blob',
  gcs: '@google-cloud/storage',
};

const HIDE = pathToFileURL(path.join(import.meta.dirname, 'hide-package.mjs')).href;

export function environmentScenarios(subjects: readonly FaultySubject[]): readonly Scenario[] {
  const section = 'On the machine that publishes';
  const missing = subjects.map((subject) => ({
    section,
    fault: 'The package of the service is not installed',
    service: subject.service,
    run: () => withoutPackage(subject),
  }));
  const s3 = subjects[0]!;
  const skewed = ['-2h', '+2h'].map((offset) => ({
    section,
    fault: `A clock that is off by ${offset}`,
    service: s3.service,
    run: () => withClock(s3, offset),
  }));
  return [...missing, ...skewed];
}

function withoutPackage(subject: FaultySubject): Promise<string> {
  const name = PACKAGES[subject.service.entry('any').backend]!;
  const env = { NODE_OPTIONS: `--import=${HIDE}`, HIDDEN_PACKAGE: name };
  return play({ ...subject, env, message: new RegExp(`needs the package '${name}': npm install ${name}`) });
}

/** The service refuses the first request and sends its time. */
async function withClock(subject: FaultySubject, offset: string): Promise<string> {
  const proxy = await startFaultProxy(subject.port);
  const env = { LD_PRELOAD: faketime(), FAKETIME: offset };
  const outcome = await play({ ...subject, port: proxy.port, env });
  await proxy.close();
  expect(proxy.seen.map(({ status }) => status)).toContain(403);
  return outcome;
}

/** The library that shows programs another time: https://github.com/wolfcw/libfaketime */
function faketime(): string {
  debianFile('/usr/bin/faketime', 'faketime');
  return must('dpkg', ['-L', 'libfaketime'])
    .split('\n')
    .find((file) => file.endsWith('/libfaketime.so.1'))!;
}
