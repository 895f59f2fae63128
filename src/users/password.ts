import { hash, verify } from '@node-rs/argon2';

export const PASSWORD_LENGTH = { min: 10, max: 200 } as const;

/** OWASP's recommended minimum for argon2id: 19 MiB, 2 passes, 1 lane; about 20 ms of one core. */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Nobody's password: verified against when there is no such account, so that the answer takes as long as for one. */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$X1UKnMdfY9uc5N/a6v4VWQ$jcyuGmbbYeE0zKyQJtMlpuOE6XGDJOvKX6D+l5gTSuA';

// The same characters typed on two keyboards can be different code points.
const normal = (password: string): string => password.normalize('NFKC');

export const hashPassword = (password: string): Promise<string> => hash(normal(password), COST);

/** False for a wrong password, and (after the same time) when there is no hash to compare with. */
export async function passwordFits(password: string, passwordHash: string | null): Promise<boolean> {
  const fits = await verify(passwordHash ?? NOBODYS_HASH, normal(password));
  return fits && passwordHash !== null;
}
