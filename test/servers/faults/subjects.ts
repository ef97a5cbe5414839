import type { ProxiedRequest } from '../fault-proxy.js';
import type { Servers } from '../global-setup.js';
import { azureService } from '../services/azure.js';
import { gcsService } from '../services/gcs.js';
import { s3Service } from '../services/s3.js';
import type { Service } from '../services/service.js';
import { AZURE_KEY } from '../start/azurite.js';
import { S3_KEYS } from '../start/s3.js';

/** A service, with what the faults need to know of it. */
export interface FaultySubject {
  readonly service: Service;
  /** The port of the server. */
  readonly port: number;
  /** Texts that no command may print. */
  readonly secrets: readonly string[];
  /** Options that make a run give up soon. */
  readonly impatient: Readonly<Record<string, unknown>>;
  /** The answer of an overloaded service. */
  readonly busy: { readonly status: number; readonly body: string };
  /** Whether the server can go on after this request has failed. */
  recovers(request: ProxiedRequest): boolean;
  /** Whether a request has a file that is large enough to be cut or damaged in its middle. */
  isFile(request: ProxiedRequest): boolean;
}

/** A secret that nobody may see. */
export const WRONG_SECRET = 'd3JvbmcgYnV0IGEgc2VjcmV0IGFsbCB0aGUgc2FtZQ==';
const SECRETS = [S3_KEYS.secretAccessKey, AZURE_KEY, WRONG_SECRET];

const xml = (code: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>Slow down.</Message></Error>`;
const isLongPut = ({ method, path, headers }: ProxiedRequest) =>
  method === 'PUT' &&
  Number(headers['content-length'] ?? 0) > 1000 &&
  !/\/\.staticfiles-(?:index|head)\.json$/.test(path);

export function faultySubjects(servers: Servers): readonly FaultySubject[] {
  return [s3Subject(servers.s3), azureSubject(servers.azure), gcsSubject(servers.gcs)];
}

function s3Subject(port: number): FaultySubject {
  return {
    service: s3Service(port),
    port,
    secrets: SECRETS,
    impatient: { maxAttempts: 3 },
    busy: { status: 503, body: xml('SlowDown') },
    recovers: () => true,
    isFile: isLongPut,
  };
}

function azureSubject(port: number): FaultySubject {
  return {
    service: azureService(port),
    port,
    secrets: SECRETS,
    impatient: { maxTries: 3 },
    busy: { status: 503, body: xml('ServerBusy') },
    recovers: () => true,
    isFile: isLongPut,
  };
}

function gcsSubject(port: number): FaultySubject {
  return {
    service: gcsService(port),
    port,
    secrets: SECRETS,
    impatient: { maxRetries: 2 },
    busy: { status: 503, body: '{"error":{"code":503,"message":"Backend Error"}}' },
    // After a piece that failed, the client asks how much has arrived. The emulator takes the question for the object's end.
    recovers: ({ query }) => !query.has('upload_id'),
    // Not the pieces of a large one, of which the emulator does not compare the hash.
    isFile: ({ query }) => query.get('uploadType') === 'multipart' && /\.css$/.test(query.get('name') ?? ''),
  };
}
