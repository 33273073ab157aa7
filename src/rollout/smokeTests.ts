import type { Cluster } from "../cluster/cluster.ts";
import type { Service } from "../cluster/services.ts";
import type { ActiveRollout } from "./rolloutState.ts";

/**
 * Sends the new release the synthetic requests that a plan wants and that were not sent yet. Each is answered at once, with an error
 * as often as the image's own are; without a ready container all of them fail. They take no slot, and are no request of a user.
 *
 * @param test.wanted requests in all since the rollout began; `test.ready`: ready containers of the new release
 * @returns whether any was sent, so that the strategy is to be asked again
 */
export function sendSmokeRequests(
  cluster: Cluster,
  service: Service,
  active: ActiveRollout,
  test: { readonly wanted: number; readonly ready: number },
): boolean {
  let { succeeded, failed } = active.smoke ?? { succeeded: 0, failed: 0 };
  const lacking = test.wanted - succeeded - failed;
  if (lacking <= 0) return false;
  const { errors } = cluster.release(active.next).image;
  const stream = cluster.streams.named(`analysis/${service.spec.name}`);
  for (let sent = 0; sent < lacking; sent++) {
    // Drawn for every request, so that the next test does not depend on who was ready at this one.
    const isError = stream.next() < errors;
    if (isError || test.ready === 0) failed++;
    else succeeded++;
  }
  active.smoke = { succeeded, failed };
  return true;
}
