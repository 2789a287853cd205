import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { TransactionGate } from './transaction-gate.ts';

it('lets nothing into a transaction, and one transaction after the other', async () => {
  const gate = new TransactionGate();
  const log: string[] = [];
  const say = async (word: string): Promise<void> => void log.push(word);
  const asked = [
    gate.open(() => say('first begins')),
    gate.pass(() => say('a statement')),
    gate.open(() => say('second begins')),
    gate.open(() => say('third begins')),
    gate.pass(() => say('another statement')),
  ];
  await turn();
  expect(log).toEqual(['first begins']);
  gate.close();
  await turn();
  expect(log).toEqual(['first begins', 'a statement', 'second begins']);
  gate.close();
  await turn();
  expect(log.slice(3)).toEqual(['third begins']);
  gate.close();
  await Promise.all(asked);
  expect(log.slice(3)).toEqual(['third begins', 'another statement']);
});

it('does the work at once while there is no transaction, side by side', async () => {
  const gate = new TransactionGate();
  const begun: number[] = [];
  const end = Promise.withResolvers<void>();
  const both = [1, 2].map((number) =>
    gate.pass(async () => {
      begun.push(number);
      await end.promise;
    }),
  );
  expect(begun).toEqual([1, 2]);
  end.resolve();
  await Promise.all(both);
});

it('passes on what the work rejects with, and is open when a transaction that failed to begin was closed', async () => {
  const gate = new TransactionGate();
  const fail = async (): Promise<void> => {
    throw new Error('disk full');
  };
  await expect(gate.open(fail)).rejects.toThrow('disk full');
  gate.close();
  await expect(gate.pass(fail)).rejects.toThrow('disk full');
  expect(await gate.pass(async () => 'in')).toBe('in');
});
