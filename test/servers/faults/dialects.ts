import type { Servers } from '../global-setup.js';
import { azureService } from '../services/azure.js';
import { gcsService } from '../services/gcs.js';
import { s3Service } from '../services/s3.js';
import type { Service } from '../services/service.js';
import type { Dialect } from './fault-cases.js';

/** A service of objects, and what the faults need to know of it. */
export interface FaultySubject {
  readonly service: Service;
  readonly dialect: Dialect;
  /** The port of the server. */
  readonly port: number;
  /** None of these may be seen in what a command prints. */
  readonly secrets: readonly string[];
}

export function faultySubjects(
  servers: Servers,
  secrets: FaultySubject['secrets'],
): readonly FaultySubject[] {
  return [
    {
      service: s3Service(servers.s3),
      port: servers.s3,
      secrets,
      dialect: {
        impatient: { maxAttempts: 3 },
        busy: {
          status: 503,
          body: '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
        },
      },
    },
    {
      service: azureService(servers.azure),
      port: servers.azure,
      secrets,
      dialect: {
        impatient: { maxTries: 3 },
        busy: {
          status: 503,
          body: '<?xml version="1.0"?><Error><Code>ServerBusy</Code><Message>The server is busy.</Message></Error>',
        },
      },
    },
    {
      service: gcsService(servers.gcs),
      port: servers.gcs,
      secrets,
      dialect: {
        impatient: { maxRetries: 2 },
        busy: { status: 503, body: '{"error":{"code":503,"message":"Backend Error"}}' },
      },
    },
  ];
}
