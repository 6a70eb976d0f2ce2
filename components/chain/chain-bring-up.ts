import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ChainStep } from "../core/chain/step";
import type { ChainSection } from "../core/config/chain";
import { type Outcome, parseOutcome } from "./outcome";

interface ChainBringUpArgs {
  section: ChainSection;
  /** What the chain lacks now. Empty: nothing is run. */
  steps: readonly ChainStep[];
  /** The command that brings the chain up from a section on standard input, and the folder it runs in. */
  create: string;
  dir: string;
  /** Known once the hosts are up. */
  after: pulumi.Input<unknown>[];
}

/** Where a reviewer sees what will be pushed, in the diff of the resource. */
const MISSING = "NODEWRIGHT_CHAIN_MISSING";
const INPUTS = ["create", "update", "dir", "environment", "stdin"];

/**
 * A chain that is brought to its declared state. What is missing is read from the chain, not from the engine's state:
 * where nothing is, the resource is left as it was whatever its inputs; where something is, it is updated. A run that was
 * killed left no resource, or an old one, and the next goes on from what the chain says.
 */
export class ChainBringUp extends pulumi.ComponentResource {
  readonly outcome: pulumi.Output<Outcome | undefined>;

  constructor(
    name: string,
    { section, steps, create, dir, after }: ChainBringUpArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("nodewright:chain:ChainBringUp", name, {}, opts);
    const run = new command.local.Command(
      `${name}-actions`,
      {
        create,
        update: create,
        dir,
        stdin: pulumi.all(after).apply(() => JSON.stringify(section)),
        environment: { [MISSING]: steps.map(({ title }) => title).join("\n") },
        logging: command.local.Logging.Stderr,
      },
      { parent: this, ignoreChanges: steps.length === 0 ? INPUTS : [] },
    );
    this.outcome = run.stdout.apply(parseOutcome);
    this.registerOutputs({ outcome: this.outcome });
  }
}
