/** A typed array that grows: numbers of millions of lines, without an object for each. */
export class GrowingArray {
  constructor(Type) {
    this.Type = Type;
    this.values = new Type(1024);
    this.length = 0;
  }

  push(value) {
    if (this.length === this.values.length) {
      const larger = new this.Type(2 * this.length);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length] = value;
    this.length += 1;
  }

  at(index) {
    return this.values[index];
  }

  /** How many values are smaller than this one; they must be in order. */
  below(value) {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.values[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
