import { describe, expect, test } from "vitest";
import { allLost, evictionPause, zoneState } from "../../src/controllers/evictionRates.ts";
import { SECOND } from "../../src/kernel/time.ts";

describe("eviction rates", () => {
  test.each([
    { hosts: 5, unreachable: 0, state: "normal", seconds: 10 },
    { hosts: 5, unreachable: 2, state: "normal", seconds: 10 },
    { hosts: 3, unreachable: 2, state: "normal", seconds: 10 },
    { hosts: 5, unreachable: 3, state: "partial-disruption", seconds: undefined },
    { hosts: 20, unreachable: 10, state: "normal", seconds: 10 },
    { hosts: 20, unreachable: 11, state: "partial-disruption", seconds: undefined },
    { hosts: 50, unreachable: 28, state: "partial-disruption", seconds: undefined },
    { hosts: 51, unreachable: 29, state: "partial-disruption", seconds: 100 },
    { hosts: 5, unreachable: 5, state: "full-disruption", seconds: 10 },
    { hosts: 1, unreachable: 1, state: "full-disruption", seconds: 10 },
  ])("$unreachable of $hosts hosts lost: $state, one eviction in $seconds s", ({ state, seconds, ...zone }) => {
    expect(zoneState(zone)).toBe(state);
    const pause = evictionPause(zone);
    expect(pause === undefined ? undefined : pause / SECOND).toBe(seconds);
  });

  test("all is lost only when each zone is lost whole", () => {
    expect(
      allLost([
        { hosts: 2, unreachable: 2 },
        { hosts: 3, unreachable: 2 },
      ]),
    ).toBe(false);
    expect(
      allLost([
        { hosts: 2, unreachable: 2 },
        { hosts: 3, unreachable: 3 },
      ]),
    ).toBe(true);
  });
});
