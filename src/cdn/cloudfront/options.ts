import * as v from 'valibot';
import {
  type AwsCredentialProvider,
  type AwsCredentials,
  awsCredentials,
} from '../../plugins/aws-credentials.js';
import {
  checkOptions,
  type OptionsRules,
  text,
  wholeNumber,
  withoutUndefined,
} from '../../plugins/options.js';
import type { SdkClient } from '../../plugins/peer-dependency.js';

/** The options of the hook `cloudfront`. */
export interface CloudFrontOptions {
  /** The id of the distribution, not its domain: `E2QWRUHAPOMQZL`. */
  readonly distributionId: string;
  /** The path of the files below the distribution's domain: `/static/`. Default: the path of `staticUrl`. */
  readonly basePath?: string;
  /** If more files have changed, wildcards are used. From 1 to 3,000, the service's own limit. Default 100. */
  readonly maxPaths?: number;
  /** The region of CloudFront's API. Default `us-east-1`, which is wrong only for partitions such as China. */
  readonly region?: string;
  /** As the SDK takes them. Without them it looks in its usual places: the environment, profiles, roles. */
  readonly credentials?: AwsCredentials | AwsCredentialProvider;
  /** A client of your own, in place of one that is made of `region` and `credentials`. */
  readonly client?: SdkClient<'send'>;
}

/** The options with their defaults. */
export interface CloudFrontRules extends CloudFrontOptions {
  /** Begins and ends in `/`. */
  readonly basePath: string;
  readonly maxPaths: number;
}

const DEFAULT_MAX_PATHS = 100;

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-invalidations */
const MOST_PATHS = 3000;

const DISTRIBUTION = "a distribution's id such as 'E2QWRUHAPOMQZL'";

const BASE_PATH = "a path that begins and ends in '/', such as '/static/'";

export const CLOUDFRONT_OPTIONS: OptionsRules = {
  plugin: "hook 'cloudfront'",
  secret: ['credentials', 'client'],
  entries: {
    distributionId: v.pipe(v.string(DISTRIBUTION), v.regex(/^[A-Z0-9]+$/, DISTRIBUTION)),
    basePath: v.optional(v.pipe(v.string(BASE_PATH), v.regex(/^\/([^?#*]*\/)?$/, BASE_PATH))),
    maxPaths: v.optional(wholeNumber(1, '', MOST_PATHS)),
    region: v.optional(text),
    credentials: v.optional(awsCredentials),
    client: v.optional(v.custom(isClient, 'a CloudFrontClient of @aws-sdk/client-cloudfront')),
  } satisfies Record<keyof CloudFrontOptions, v.GenericSchema>,
};

/**
 * Checks the options and adds the defaults.
 *
 * @throws StaticFilesError `settings` with all problems
 */
export function cloudFrontRules(options: CloudFrontOptions, staticUrl: string): CloudFrontRules {
  checkOptions(CLOUDFRONT_OPTIONS, options);
  return { basePath: pathOf(staticUrl), maxPaths: DEFAULT_MAX_PATHS, ...withoutUndefined(options) };
}

/** @param url a path, or a full URL with or without its scheme */
function pathOf(url: string): string {
  return new URL(url, 'https://localhost').pathname;
}

function isClient(input: unknown): boolean {
  return typeof (Object(input) as Record<string, unknown>).send === 'function';
}
