/** Lets in so many at a time; the others wait for their turn. */
export type Gate = <T>(enter: () => Promise<T>) => Promise<T>;

/**
 * Makes a gate: large objects take several buffers each, so that fewer of them are sent at a time than small ones.
 *
 * @param places how many are in at a time
 */
export function createGate(places: number): Gate {
  let free = places;
  const waiting: (() => void)[] = [];
  return async (enter) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await enter();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
