import type { RoutingSpec, Scenario, ServiceSpec } from "../cluster/spec.ts";
import { type Sampler, samplerOf } from "../kernel/distributions.ts";
import type { Micros } from "../kernel/time.ts";
import { countsOutstanding } from "./views.ts";

/** What the hot path asks of a service, read out of its spec once. */
export interface ServicePolicy {
  readonly routing: RoutingSpec;
  readonly network: Micros;
  readonly connectTimeout: Micros;
  readonly timeout: Micros;
  readonly cancel: boolean;
  /** Somebody wants to know how busy each container is: an autoscaler. */
  readonly isMetered: boolean;
  readonly countsOutstanding: boolean;
  readonly retries: { readonly max: number; readonly budget: number; readonly backoff: Sampler } | undefined;
}

/** The policies of every service, and the service times of every image, compiled. Never changes in a run. */
export class Policies {
  readonly #services: readonly ServicePolicy[];
  readonly #serviceTimes: readonly Sampler[];

  constructor(scenario: Scenario) {
    this.#services = scenario.services.map(policyOf);
    this.#serviceTimes = scenario.images.map((image) => samplerOf(image.service));
  }

  of(service: number): ServicePolicy {
    return this.#services[service] as ServicePolicy;
  }

  /** The time that an image takes for a request of that quantile, on a host at full speed. */
  serviceTime(image: number, quantile: number): Micros {
    return (this.#serviceTimes[image] as Sampler)(quantile);
  }
}

function policyOf({ routing, traffic, autoscale }: ServiceSpec): ServicePolicy {
  const { retries } = traffic;
  return {
    routing,
    network: routing.network,
    connectTimeout: routing.connectTimeout,
    timeout: traffic.timeout,
    cancel: traffic.cancel,
    isMetered: autoscale !== undefined,
    countsOutstanding: countsOutstanding(routing.balancer),
    retries:
      retries === undefined || retries.max === 0
        ? undefined
        : { max: retries.max, budget: retries.budget, backoff: samplerOf(retries.backoff) },
  };
}
