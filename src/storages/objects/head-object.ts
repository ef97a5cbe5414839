import { isRecord } from '../../text/json.js';

/** The head object of a destination: which run may write there, and which index is right. */
export interface Head {
  /** A random id of the run that wrote it, new each time the destination is taken. */
  readonly run: string;
  /** Counts the writes, so that no two heads have the same bytes and therefore the same ETag. */
  readonly seq: number;
  readonly state: 'free' | 'held' | 'deleting';
  /** The version of the index object that describes the destination; `null` if none does. */
  readonly index: string | null;
  /** A hash over everything that the last run published; `null` if something has changed since. */
  readonly published: string | null;
  /** When a run was given up, by the service's clock if it sends the time; `null` if none was. */
  readonly lost: string | null;
  /**
   * In the state `deleting`: the ids of the releases being deleted. Otherwise the ids of those that a run was deleting when
   * it was given up; `null` if there was no such run.
   */
  readonly going: readonly string[] | null;
  /** Whether the service honours conditions; `null` while that is not known. */
  readonly conditional: boolean | null;
}

const STATES: readonly unknown[] = ['free', 'held', 'deleting'];

export function headBytes(head: Head): Buffer {
  return Buffer.from(`${JSON.stringify(head)}\n`);
}

/** Reads a head object. A damaged one counts as the head of a run that died while it was deleting. */
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
