import { Injectable } from '@nestjs/common';
import { Problem } from '../common/problem.js';
import { Config } from '../config/config.js';
import { RateLimiter } from './rate-limiter.js';

/** @throws {429} rate_limited, by each of its methods */
@Injectable()
export class RateLimits {
  private readonly users: RateLimiter;
  private readonly signIns: RateLimiter;

  constructor({ limits }: Config) {
    this.users = new RateLimiter(limits.perUser);
    this.signIns = new RateLimiter(limits.signIn);
  }

  /** One request of a user. The guard calls it, except for operations marked `@OwnRateLimit()`. */
  spend(userId: string): void {
    refuse(this.users.take(userId));
  }

  /** One attempt with a password or to register. Counted before it is tried, so that parallel attempts count too. */
  signIn(email: string, address: string): void {
    refuse(this.signIns.take(`address ${address}`));
    // Only after it: one address at its limit must not use up everyone's attempts too.
    refuse(this.signIns.take(`account ${email}`));
  }
}

function refuse(retryAfterSeconds: number): void {
  if (retryAfterSeconds === 0) return;
  throw new Problem(429, 'rate_limited', `Too many requests; try again in ${retryAfterSeconds} seconds.`, {
    retryAfterSeconds,
  });
}
