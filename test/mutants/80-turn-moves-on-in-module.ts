import type { Mutant } from "./base/mutant.ts";
import { schedulerWith } from "./base/schedulerBase.ts";

const turn = { next: 0, last: -1 };

/** Goes on in its round with every new container, and keeps the round outside the run. Asked again at once, it answers alike. */
export const mutant: Mutant = {
  bug: "keeps a round outside the run that goes on with every new container",
  real: "State that hides in a plug-in is not saved with the run; asking twice at once does not show it.",
  within: 2000,
  plugin: schedulerWith({
    choose: (hosts, { id }) => {
      if (id !== turn.last) turn.next++;
      turn.last = id;
      return hosts[turn.next % hosts.length];
    },
  }),
};
