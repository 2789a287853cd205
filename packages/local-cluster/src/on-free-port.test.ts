import { describe, expect, it } from 'vitest';
import { onFreePort } from './on-free-port.ts';

const refusal = (code: string): Error => Object.assign(new Error(code), { code });

describe('a free port', () => {
  it('is none that the system gives to others', async () => {
    for (let round = 0; round < 200; round += 1) {
      const port = await onFreePort(async (tried) => tried);
      expect(port).toBeGreaterThanOrEqual(25_000);
      expect(port).toBeLessThan(30_000);
    }
  });

  it.each(['EADDRINUSE', 'EACCES'])('is another one after %s', async (code) => {
    let tries = 0;
    const start = async (): Promise<string> => {
      tries += 1;
      if (tries < 3) throw refusal(code);
      return 'listens';
    };
    expect(await onFreePort(start)).toBe('listens');
    expect(tries).toBe(3);
  });

  it('is left to the system when all that were tried are taken', async () => {
    const start = async (port: number): Promise<number> => {
      if (port !== 0) throw refusal('EADDRINUSE');
      return port;
    };
    expect(await onFreePort(start)).toBe(0);
  });

  it('does not hide another fault', async () => {
    await expect(onFreePort(() => Promise.reject(refusal('ENOSPC')))).rejects.toThrow('ENOSPC');
  });
});
