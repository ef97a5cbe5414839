import * as v from 'valibot';
import { oneOf, text } from './options.js';

/** Keys of AWS. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys. */
  readonly sessionToken?: string;
  /** End of temporary keys. */
  readonly expiration?: Date;
}

/** A function that returns keys of AWS, such as those of `@aws-sdk/credential-providers`. */
export type AwsCredentialProvider = () => Promise<AwsCredentials>;

const CREDENTIALS = 'an object with accessKeyId and secretAccessKey, or a function that returns one';

/** Schema of both. */
export const awsCredentials = oneOf<unknown>(
  [(input) => typeof input === 'function', v.function(CREDENTIALS)],
  [
    () => true,
    v.looseObject({ accessKeyId: text, secretAccessKey: text, sessionToken: v.optional(text) }, CREDENTIALS),
  ],
);
