import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds: a cached read takes about one thousandth, an answer streamed by a language model a minute. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

interface Observer {
  observe(seconds: number): void;
}

/** What is counted in this process, for Prometheus: any module counts here, `GET /metrics` tells it. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  /** By method, route and status: finding a series by its labels costs more than counting in it. */
  private readonly requests = new Map<string, Observer>();
  private readonly http = this.histogram('engram_http_request_duration_seconds', 'Requests, by route template.', [
    'method',
    'route',
    'status',
  ]);
  private hasDefaults = false;

  /** Durations in seconds. */
  histogram<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets: BUCKETS, registers: [this.registry] });
  }

  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** A number that is read when somebody asks; by label where there is one (`read` gives [label's value, number]). */
  gauge(name: string, help: string, read: () => number | readonly (readonly [string, number])[], label?: string): void {
    const labelNames = label === undefined ? [] : [label];
    const gauge = new Gauge<string>({
      name,
      help,
      labelNames,
      registers: [],
      collect() {
        const now = read();
        if (typeof now === 'number') this.set(now);
        else for (const [value, number] of now) this.labels(value).set(number);
      },
    });
    this.registry.registerMetric(gauge);
  }

  /** @param route the template (`/api/v1/conversations/:id`), never the URL: each value is a series for good */
  request(method: string, route: string, status: number, ms: number): void {
    const key = `${status} ${method} ${route}`;
    let observer = this.requests.get(key);
    if (observer === undefined) this.requests.set(key, (observer = this.http.labels(method, route, String(status))));
    observer.observe(ms / 1000);
  }

  /** In Prometheus' text format. What Node tells of itself is watched from the first time on: nobody else pays for it. */
  text(): Promise<string> {
    if (!this.hasDefaults) collectDefaultMetrics({ register: this.registry });
    this.hasDefaults = true;
    return this.registry.metrics();
  }
}
