/** Some pieces in random order, repetitions included. */
export function sequence<T>(random: () => number, pieces: readonly T[], count: number): T[] {
  return Array.from({ length: count }, () => pieces[Math.floor(random() * pieces.length)]!);
}
