/** The stages of a run, in order. */
export type Stage = 'find' | 'post-process' | 'plan' | 'publish';
