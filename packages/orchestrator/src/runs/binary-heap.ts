/** BinaryHeap: gives the smallest of its items first. */

export class BinaryHeap<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #items: T[];

  constructor(compare: (a: T, b: T) => number, items: readonly T[] = []) {
    this.#compare = compare;
    // A sorted list is a heap.
    this.#items = items.toSorted(compare);
  }

  push(item: T): void {
    const items = this.#items;
    let index = items.push(item) - 1;
    while (index > 0) {
      const parentIndex = (index - 1) >>> 1;
      const parent = items[parentIndex];
      if (parent === undefined || this.#compare(parent, item) <= 0) break;
      items[index] = parent;
      index = parentIndex;
    }
    items[index] = item;
  }

  pop(): T | undefined {
    const [first] = this.#items;
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.#sink(last);
    return first;
  }

  /** Puts the item at the root and moves it down to where it belongs. */
  #sink(item: T): void {
    const items = this.#items;
    let index = 0;
    for (let child = this.#smallerChild(0); child !== undefined; child = this.#smallerChild(index)) {
      if (this.#compare(child.item, item) >= 0) break;
      items[index] = child.item;
      index = child.index;
    }
    items[index] = item;
  }

  #smallerChild(index: number): { readonly index: number; readonly item: T } | undefined {
    const leftIndex = 2 * index + 1;
    const left = this.#items[leftIndex];
    const right = this.#items[leftIndex + 1];
    if (left === undefined) return undefined;
    const isRight = right !== undefined && this.#compare(right, left) < 0;
    return isRight ? { index: leftIndex + 1, item: right } : { index: leftIndex, item: left };
  }
}
