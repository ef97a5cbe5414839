import { freePort } from '../start/process.js';
import { play, type Scenario, type Trouble } from './scenario.js';
import { type FaultySubject, WRONG_SECRET } from './subjects.js';

/** Something wrong in the settings or in the environment. */
interface Mistake extends Pick<Trouble, 'options' | 'env'> {
  readonly fault: string;
  readonly message: RegExp;
}

/** By backend. */
const MISTAKES: Readonly<Record<string, readonly Mistake[]>> = {
  s3: [
    {
      fault: 'A wrong secret key',
      env: { AWS_SECRET_ACCESS_KEY: WRONG_SECRET },
      message: /'s3:\/\/site\/.*the secret key does not match the access key\. Check the credentials/,
    },
    {
      fault: 'An unknown access key',
      env: { AWS_ACCESS_KEY_ID: 'nobody' },
      message: /'s3:\/\/site\/.*access key/,
    },
    {
      fault: 'No credentials',
      env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      message: /'s3:\/\/site\/.*no credentials were found.*Set AWS_ACCESS_KEY_ID/,
    },
    {
      fault: 'A missing bucket',
      options: { bucket: 'no-such-bucket' },
      message: /the bucket 'no-such-bucket' does not exist\. Check the options/,
    },
    {
      fault: 'A wrong region',
      options: { region: 'us-west-2' },
      message: /the bucket is in the region 'eu-central-1'\. Set the option region to that/,
    },
  ],
  azure: [
    {
      fault: 'A wrong account key',
      env: { AZURE_STORAGE_KEY: WRONG_SECRET },
      // The emulator has one code for a wrong signature and for a missing permission. Azure itself has two.
      message: /'azure:\/\/devstoreaccount1\/site\/.*access is denied/,
    },
    {
      fault: 'A missing container',
      options: { container: 'no-such-container' },
      message: /the container 'no-such-container' does not exist\. Check the options/,
    },
  ],
  gcs: [
    {
      fault: 'A missing bucket',
      options: { bucket: 'no-such-bucket' },
      message: /the bucket 'no-such-bucket' does not exist\. Check the option bucket/,
    },
  ],
};

export function mistakeScenarios(subjects: readonly FaultySubject[]): readonly Scenario[] {
  return subjects.flatMap((subject) => {
    const { service } = subject;
    const section = 'In the settings and the environment';
    const mistakes = MISTAKES[service.entry('any').backend]!.map(({ fault, ...trouble }) => ({
      section,
      fault,
      service,
      run: () => play({ ...subject, ...trouble }),
    }));
    return [
      ...mistakes,
      { section, fault: 'Nothing listens at the address', service, run: () => offline(subject) },
    ];
  });
}

async function offline({ impatient, ...subject }: FaultySubject): Promise<string> {
  const message = /nothing listens at that address\. Check the address/;
  return play({ ...subject, port: await freePort(), options: impatient, message });
}
