import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Storage } from '../storages/storage.js';

/** The storage and settings that a case works with. */
export interface CaseContext {
  /** Opens the storage, at the same destination each time. */
  open(): Promise<Storage>;
  /** An empty folder for source files. */
  readonly folder: string;
  readonly files: number;
  readonly largeSize: number;
}

/** Rejects if the storage does not do what the case demands. */
export type CaseBody = (context: CaseContext) => Promise<void>;

/** `does not apply` if the case is about something that the storage does not have, such as headers. */
export type CaseOutcome = 'met' | 'does not apply';

/** Thrown by a case that is about something that the storage does not have. */
export class DoesNotApply extends Error {}

/** Runs a case with a folder that is removed afterwards. */
export async function runCase(body: CaseBody, context: Omit<CaseContext, 'folder'>): Promise<CaseOutcome> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'staticfiles-contract-'));
  const opened: Storage[] = [];
  const open = async () => {
    const storage = await context.open();
    opened.push(storage);
    return storage;
  };
  try {
    await body({ ...context, open, folder });
    return 'met';
  } catch (error) {
    if (error instanceof DoesNotApply) return 'does not apply';
    throw error;
  } finally {
    for (const storage of opened) await storage.close?.();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
