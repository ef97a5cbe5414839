import { isRecord } from '../../text/json.js';

/** What the head object of a destination says: who may write there, and what is right there. */
export interface Head {
  /** Of the run that wrote it: a random id, another one each time the destination is taken. */
  readonly run: string;
  /** One more at each write, so that no two have the same bytes, and with them the same ETag. */
  readonly seq: number;
  readonly state: 'free' | 'held' | 'deleting';
  /** The version of the index object that is right; `null` if none is. */
  readonly index: string | null;
  /** A hash over all that the last run published; `null` if something else was changed since. */
  readonly published: string | null;
  /** If a run was given up: when, by the service's clock if it tells the time. */
  readonly lost: string | null;
  /**
   * In the state `deleting`: the ids of the releases that are deleted. Else those that a run was deleting which was given
   * up; `null` if none was.
   */
  readonly going: readonly string[] | null;
  /** Whether the service keeps to conditions; `null` while that is not known. */
  readonly conditional: boolean | null;
}

/** The name of the head object. */
export const HEAD_NAME = '.staticfiles-head.json';

const STATES: readonly unknown[] = ['free', 'held', 'deleting'];

export function headBytes(head: Head): Buffer {
  return Buffer.from(`${JSON.stringify(head)}\n`);
}

/** Reads a head object; one that cannot be read counts as that of a run which died while it was deleting. */
export function parseHead(bytes: Uint8Array): Head {
  let head: unknown;
  try {
    head = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return UNREADABLE;
  }
  return isHead(head) ? { ...head, conditional: head.conditional ?? null } : UNREADABLE;
}

const UNREADABLE: Head = {
  ...{ run: '', seq: 0, state: 'deleting' },
  ...{ index: null, published: null, lost: null, going: [], conditional: null },
};

function isHead(value: unknown): value is Head {
  if (!isRecord(value)) return false;
  const { run, seq, state, index, published, lost, going, conditional } = value;
  return (
    typeof run === 'string' &&
    Number.isSafeInteger(seq) &&
    STATES.includes(state) &&
    [index, published, lost].every((each) => each === null || typeof each === 'string') &&
    (lost === null || !Number.isNaN(Date.parse(lost as string))) &&
    (going === null || (Array.isArray(going) && going.every((id) => typeof id === 'string'))) &&
    (conditional == null || typeof conditional === 'boolean')
  );
}
