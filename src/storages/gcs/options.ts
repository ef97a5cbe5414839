import type { Storage as GcsClient } from '@google-cloud/storage';
import * as v from 'valibot';
import {
  address,
  checkOptions,
  type OptionsRules,
  refuseBeside,
  text,
  wholeNumber,
  withoutUndefined,
} from '../../plugins/options.js';
import { SHARED_OPTIONS } from '../objects/options.js';

/** The bucket, the credentials, and how objects are stored. Defaults are the client library's unless noted. */
export interface GcsOptions {
  readonly bucket: string;
  readonly projectId?: string;
  /** The key file of a service account. */
  readonly keyFilename?: string;
  /**
   * The key of a service account. Default: application default credentials
   * (https://cloud.google.com/docs/authentication/application-default-credentials).
   */
  readonly credentials?: { readonly client_email: string; readonly private_key: string };
  /** The address of an emulator. Requests to it are not signed. */
  readonly apiEndpoint?: string;
  /** `publicRead`. https://cloud.google.com/storage/docs/access-control/lists#predefined-acl */
  readonly predefinedAcl?: string;
  /** `NEARLINE` */
  readonly storageClass?: string;
  /** `projects/…/cryptoKeys/…` */
  readonly kmsKeyName?: string;
  /** Objects larger than this many bytes are sent in pieces of that size. A multiple of 256 KiB. Default 8 MiB. */
  readonly chunkSize?: number;
  /** How often a failed request is repeated. Default 6. */
  readonly maxRetries?: number;
  /** How many objects are sent at a time. Default 16. */
  readonly concurrency?: number;
  /** Your own client, instead of project, credentials and the like. */
  readonly client?: GcsClient;
}

const KiB = 1024;
const DEFAULTS = { chunkSize: 8 * KiB * KiB, maxRetries: 6, concurrency: 16 };
const CHUNK = 'a number of bytes that is a multiple of 256 KiB (262144)';

/** The options that your own client already has. */
const CLIENT_OPTIONS = ['projectId', 'keyFilename', 'credentials', 'apiEndpoint', 'maxRetries'];

const RULES: OptionsRules = {
  storage: 'gcs',
  beside: SHARED_OPTIONS,
  secret: ['credentials', 'client'],
  entries: {
    bucket: text,
    projectId: v.optional(text),
    keyFilename: v.optional(text),
    credentials: v.optional(v.custom(isCredentials, 'an object with client_email and private_key')),
    apiEndpoint: v.optional(address),
    predefinedAcl: v.optional(text),
    storageClass: v.optional(text),
    kmsKeyName: v.optional(text),
    chunkSize: v.optional(
      v.pipe(
        v.number(CHUNK),
        v.check((size) => size > 0 && size % (256 * KiB) === 0, CHUNK),
      ),
    ),
    maxRetries: v.optional(wholeNumber(1)),
    concurrency: v.optional(wholeNumber(1)),
    client: v.optional(v.custom(isClient, 'a Storage of @google-cloud/storage')),
  },
};

/** The options with their defaults. */
export type CompleteGcsOptions = GcsOptions & Required<Pick<GcsOptions, keyof typeof DEFAULTS>>;

/**
 * Checks the options and adds the defaults.
 *
 * @throws StaticFilesError `settings` with all problems
 */
export function gcsOptions(options: GcsOptions): CompleteGcsOptions {
  checkOptions(RULES, options);
  if (options.client !== undefined) refuseBeside('client', CLIENT_OPTIONS, options, 'gcs');
  return { ...DEFAULTS, ...withoutUndefined(options) };
}

function isCredentials(input: unknown): boolean {
  const { client_email, private_key } = Object(input) as Record<string, unknown>;
  return [client_email, private_key].every((part) => typeof part === 'string' && part !== '');
}

function isClient(input: unknown): boolean {
  return typeof (Object(input) as Record<string, unknown>).bucket === 'function';
}
