/** TransactionGate: keeps the statements of others out of a transaction, on a connection that all share. */

/** The work begins in the moment in which the gate is seen open, or the statement of another could come between. */
export class TransactionGate {
  #transaction: PromiseWithResolvers<void> | undefined;

  /** Does the work as soon as no transaction is open. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    while (this.#transaction !== undefined) await this.#transaction.promise;
    return await work();
  }

  /** Opens a transaction as soon as no other is open, and does its first work. `close` it also when that fails. */
  async open(work: () => Promise<void>): Promise<void> {
    while (this.#transaction !== undefined) await this.#transaction.promise;
    this.#transaction = Promise.withResolvers();
    await work();
  }

  /** Lets in those who wait, in the order they came. */
  close(): void {
    this.#transaction?.resolve();
    this.#transaction = undefined;
  }
}
