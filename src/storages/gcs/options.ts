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
import type { SdkClient } from '../../plugins/peer-dependency.js';
import { OBJECT_OPTIONS } from '../objects/options.js';

/** The bucket, the credentials, and how objects are stored. Defaults are the client library's unless noted. */
export interface GcsOptions {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Id of the project. Default: that of the credentials. */
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
  /** Your own `Storage` of `@google-cloud/storage`, in place of project, credentials and the like. */
  readonly client?: SdkClient<'bucket'>;
}

const KiB = 1024;
const CREDENTIALS = 'an object with client_email and private_key';
const DEFAULTS = { chunkSize: 8 * KiB * KiB, maxRetries: 6, concurrency: 16 };
const CHUNK = 'a number of bytes that is a multiple of 256 KiB (262144)';

/** The options that your own client already has. */
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

/** The options with their defaults. */
export type CompleteGcsOptions = GcsOptions & Required<Pick<GcsOptions, keyof typeof DEFAULTS>>;

/**
 * Checks the options and adds the defaults.
 *
 * @throws StaticFilesError `settings` with all problems
 */
export function gcsOptions(options: GcsOptions): CompleteGcsOptions {
  checkOptions(GCS_OPTIONS, options);
  if (options.client !== undefined) refuseBeside('client', CLIENT_OPTIONS, options, GCS_OPTIONS.plugin);
  return { ...DEFAULTS, ...withoutUndefined(options) };
}

function isClient(input: unknown): boolean {
  return typeof (Object(input) as Record<string, unknown>).bucket === 'function';
}
