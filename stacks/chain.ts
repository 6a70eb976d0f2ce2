import { text } from "node:stream/consumers";
import { Command } from "commander";
import { bringUp } from "../components/chain/bring-up";
import { contractBytes } from "../components/chain/load-declared";
import { type NodeApi, nodeApi, Unreachable } from "../components/chain/node-api";
import { type Outcome, parseOutcome } from "../components/chain/outcome";
import { until } from "../components/chain/progress";
import { openSigners } from "../components/chain/signer";
import { chainSchema } from "../components/core/config/chain";
import { UserError } from "../components/core/config/finding";
import { chainNow, declaredChain, stepLines } from "./chain-now";
import { planOf } from "./load";
import { PROJECT } from "./stack-file";
import { told } from "./told";

/** Milliseconds that the last irreversible block may stand still before a run gives up. */
const PATIENCE_MS = 180_000;

/** `npm run chain -- show STACK`: what the chain lacks of what the stack file declares. Pushes nothing. */
async function show(stack: string): Promise<void> {
  const { chain } = planOf(stack).plan;
  if (!chain) throw new UserError(`${stack} has no chain section: there is nothing to bring up`);
  const { steps } = await chainNow(chain.section, {
    isBorn: chain.isBorn,
    mustSign: false,
    folder: PROJECT,
  });
  process.stdout.write(`${stepLines(steps).join("\n")}\n`);
}

/** The command behind the stack's resource: the section comes on standard input, the outcome is the last line. */
async function up({ born }: { born?: true }): Promise<void> {
  const section = chainSchema.parse(JSON.parse(await text(process.stdin)));
  const folder = process.cwd();
  if (born) await answers(nodeApi(section));
  const done = await bringUp({
    declared: declaredChain(section, folder),
    node: nodeApi(section),
    signers: await openSigners(section.signers),
    fileOf: (value) => contractBytes(value, folder),
    patience: PATIENCE_MS,
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify(withEarlier(done))}\n`);
}

/** Of a chain that is born with its stack: its first host may still be at its start. */
const answers = (node: NodeApi): Promise<void> =>
  until("nodeos answers", PATIENCE_MS, () =>
    node.info().then(
      () => true,
      (cause: unknown) => {
        if (cause instanceof Unreachable) return false;
        throw cause;
      },
    ),
  );

/** An update is given what the run before printed: its transactions stay on the record. */
function withEarlier(done: Outcome): Outcome {
  const earlier = parseOutcome(process.env.PULUMI_COMMAND_STDOUT);
  return { ...done, transactions: [...(earlier?.transactions ?? []), ...done.transactions] };
}

new Command("npm run chain --")
  .description("Brings a native chain to the state that a stack file declares.")
  .addCommand(
    new Command("show")
      .description("Shows each on-chain action that `pulumi up` would push. Touches nothing.")
      .argument("<stack>", "name of a stack, or path of a stack file")
      .action(show),
  )
  .addCommand(new Command("up").description("For the stack's own program.").option("--born").action(up), {
    hidden: true,
  })
  .parseAsync()
  .catch(told);
