import { describe, expect, it } from 'vitest';
import { restrictedSecurityContext } from './restricted-security-context.ts';

describe('restrictedSecurityContext', () => {
  it('asks for an unprivileged user unless another is named', () => {
    expect(restrictedSecurityContext()).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      runAsUser: 65_532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(restrictedSecurityContext(1000)).toMatchObject({ runAsUser: 1000, runAsNonRoot: true });
  });

  it('lets root be root, without more privileges than that', () => {
    const root = restrictedSecurityContext(0);
    expect(root).toMatchObject({ runAsUser: 0, allowPrivilegeEscalation: false });
    expect(root).not.toHaveProperty('runAsNonRoot');
  });
});
