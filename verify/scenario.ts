/** One check of a scenario. It passes unless it throws; what it returns is said in the scenario's summary. */
export type Check<World> = {
  nodeid: string;
  run: (world: World) => Promise<string | void>;
};

/** A promise of the product, and the checks that would see it broken. */
export type Scenario<World> = {
  id: string;
  description: string;
  checks: readonly Check<World>[];
  /** Runs beside the others, on processes of its own: it mostly waits. */
  isBackground?: boolean;
  /** Runs when no other does: what it breaks is everybody's. */
  isAlone?: boolean;
};
