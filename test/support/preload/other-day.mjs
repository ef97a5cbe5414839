// Loaded before a command: its clock shows another day, forty days later.
const AHEAD = 40 * 24 * 60 * 60 * 1000;
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [RealDate.now() + AHEAD] : parts));
  }

  static now() {
    return RealDate.now() + AHEAD;
  }
};
