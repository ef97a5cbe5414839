import { DefaultDeserializer, DefaultSerializer } from 'node:v8';

declare module 'node:v8' {
  interface DefaultSerializer {
    /** Called for each view of an array buffer. */
    _writeHostObject(view: NodeJS.ArrayBufferView): void;
  }
  interface DefaultDeserializer {
    _readHostObject(): unknown;
  }
}

/** Arrays that are written as they are. V8 would copy their bytes, which are most of a record. */
const KINDS = [Uint8Array, Int32Array, Float64Array] as const;

/** In place of the index of a kind: V8's own form follows. */
const OTHER = KINDS.length;

/** The length of what V8 has serialised comes after it, at the end. */
const LENGTH_BYTES = 4;

/**
 * Serialises a value like `v8.serialize()` (https://nodejs.org/api/v8.html#serialization-api), but for its arrays of bytes
 * and numbers. These come first, and are not copied.
 *
 * @returns the bytes, in pieces
 */
export function serializedPieces(value: unknown): readonly Uint8Array[] {
  const serializer = new PieceSerializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  const rest = serializer.releaseBuffer();
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(rest.length);
  return [...serializer.pieces, rest, length];
}

/** Returns the value. Throws if this version of V8 cannot read it. */
export function deserializedPieces(bytes: Buffer): unknown {
  const end = bytes.length - LENGTH_BYTES;
  const deserializer = new PieceDeserializer(bytes, end - bytes.readUInt32LE(end), end);
  deserializer.readHeader();
  return deserializer.readValue();
}

class PieceSerializer extends DefaultSerializer {
  readonly pieces: Uint8Array[] = [];
  #length = 0;

  override _writeHostObject(view: NodeJS.ArrayBufferView): void {
    // Not subclasses: a Buffer must come back as one.
    const kind = KINDS.indexOf(view.constructor as (typeof KINDS)[number]);
    if (kind === -1) {
      this.writeUint32(OTHER);
      super._writeHostObject(view);
      return;
    }
    for (const each of [kind, this.#length, view.byteLength]) this.writeUint32(each);
    this.pieces.push(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    this.#length += view.byteLength;
  }
}

class PieceDeserializer extends DefaultDeserializer {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, start: number, end: number) {
    super(bytes.subarray(start, end));
    this.#bytes = bytes;
  }

  override _readHostObject(): unknown {
    const kind = this.readUint32();
    if (kind === OTHER) return super._readHostObject();
    const start = this.readUint32();
    const { buffer } = new Uint8Array(this.#bytes.subarray(start, start + this.readUint32()));
    return new KINDS[kind]!(buffer);
  }
}
