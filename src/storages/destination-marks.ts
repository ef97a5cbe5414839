/** The files by which a folder, or the beginning of keys, is known as a destination: its note, index, or head. */
export const DESTINATION_MARKS: readonly string[] = [
  '.staticfiles-run.json',
  '.staticfiles-index.json',
  '.staticfiles-head.json',
];
