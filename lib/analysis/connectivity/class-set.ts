/** An immutable set of class numbers, from which members can be listed and asked for. */
export class ClassSet {
  /** Ascending. */
  readonly members: readonly number[];
  private bits: Uint32Array | undefined;

  /** @param count how many classes there are in all */
  constructor(
    members: readonly number[],
    private readonly count: number,
  ) {
    this.members = [...members].sort((a, b) => a - b);
  }

  get size(): number {
    return this.members.length;
  }

  has(index: number): boolean {
    if (this.members.length <= 8) return this.members.includes(index);
    if (!this.bits) {
      this.bits = new Uint32Array(Math.ceil(this.count / 32));
      for (const member of this.members) this.bits[member >>> 5]! |= 1 << (member & 31);
    }
    return (this.bits[index >>> 5]! & (1 << (index & 31))) !== 0;
  }
}
