const CHUNK = 1 << 16;

/** Joins many short texts, in a fraction of the memory that an array of them takes. */
export class TextBuffer {
  private pending = '';
  private readonly chunks: Buffer[] = [];

  add(text: string): void {
    this.pending += text;
    if (this.pending.length >= CHUNK) this.flush();
  }

  /** Returns all texts in UTF-8. */
  toBuffer(): Buffer {
    this.flush();
    return Buffer.concat(this.chunks);
  }

  private flush(): void {
    this.chunks.push(Buffer.from(this.pending));
    this.pending = '';
  }
}
