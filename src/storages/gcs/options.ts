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
import type { SdkClient } from '../../plugins/sdk.js';
import { OBJECT_OPTIONS } from '../objects/options.js';

/** Where a bucket is, and how objects are stored there. What is left out is as the client library has it. */
export interface GcsOptions {
  readonly bucket: string;
  readonly projectId?: string;
  /** The file of a service account's key. */
  readonly keyFilename?: string;
  /**
   * The key itself; else as the library finds it: https://cloud.google.com/docs/authentication/application-default-credentials
   */
  readonly credentials?: { readonly client_email: string; readonly private_key: string };
  /** The address of the service, where it is another than Google's: an emulator's. It is then not signed in to. */
  readonly apiEndpoint?: string;
  /** `publicRead`. https://cloud.google.com/storage/docs/access-control/lists#predefined-acl */
  readonly predefinedAcl?: string;
  /** `NEARLINE` */
  readonly storageClass?: string;
  /** `projects/…/cryptoKeys/…` */
  readonly kmsKeyName?: string;
  /** Bytes: objects that are larger are sent in pieces of that size. A multiple of 256 KiB. Default 8 MiB. */
  readonly chunkSize?: number;
  /** How often a request is repeated before it counts as failed. Default 6. */
  readonly maxRetries?: number;
  /** How many objects are sent at a time. Default 16. */
  readonly concurrency?: number;
  /** Your own `Storage` of `@google-cloud/storage`, in place of project, credentials and the like. */
  readonly client?: SdkClient<'bucket'>;
}

const KiB = 1024;
const CREDENTIALS = 'an object with client_email and private_key';
const DEFAULTS = { chunkSize: 8 * KiB * KiB, maxRetries: 6, concurrency: 16 };
const CHUNK = 'a number of bytes that is a multiple of 256 KiB (262144)';

/** What a client of one's own knows already. */
const CLIENT_OPTIONS = ['projectId', 'keyFilename', 'credentials', 'apiEndpoint', 'maxRetries'];

/** The options of the service and those of all object storages. */
export const GCS_OPTIONS: OptionsRules = {
  plugin: "storage 'gcs'",
  secret: ['credentials', 'client'],
  entries: {
    ...OBJECT_OPTIONS,
    bucket: text,
    projectId: v.optional(text),
    keyFilename: v.optional(text),
    credentials: v.optional(v.looseObject({ client_email: text, private_key: text }, CREDENTIALS)),
    apiEndpoint: v.optional(address),
    predefinedAcl: v.optional(text),
    storageClass: v.optional(text),
    kmsKeyName: v.optional(text),
    chunkSize: v.optional(
      v.pipe(v.number(CHUNK), v.minValue(256 * KiB, CHUNK), v.multipleOf(256 * KiB, CHUNK)),
    ),
    maxRetries: v.optional(wholeNumber(1)),
    concurrency: v.optional(wholeNumber(1)),
    client: v.optional(v.custom(isClient, 'a Storage of @google-cloud/storage')),
  },
};

/** The options with what is always there. */
export type CompleteGcsOptions = GcsOptions & Required<Pick<GcsOptions, keyof typeof DEFAULTS>>;

/**
 * Completes the options.
 *
 * @throws StaticFilesError `settings` with all that is wrong with them
 */
export function gcsOptions(options: GcsOptions): CompleteGcsOptions {
  checkOptions(GCS_OPTIONS, options);
  if (options.client !== undefined) refuseBeside('client', CLIENT_OPTIONS, options, GCS_OPTIONS.plugin);
  return { ...DEFAULTS, ...withoutUndefined(options) };
}

function isClient(input: unknown): boolean {
  return typeof (Object(input) as Record<string, unknown>).bucket === 'function';
}
