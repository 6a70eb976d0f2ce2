import type { Resource } from "../resource";
import { type Violation, violation } from "../rule";
import { secretsIn } from "../secrets";
import type { UpdateRule } from "./step";

export const secretInState: UpdateRule = {
  id: "secret-in-state",
  level: "mandatory",
  title: "no secret lies in the state or in the stack's outputs in plain text",
  reason: "the state is copied to every machine that runs an update, and outputs are printed into logs",
  remedy: "mark the value as a secret where it comes from (`pulumi.secret`, `--secret`), and change it",
  check: (steps, intent) =>
    steps.flatMap(({ before, after }): Violation[] => {
      const resource = after ?? before;
      // What the engine knows to be secret it has masked already.
      return resource === undefined
        ? []
        : secretsIn(valuesOf(resource), intent).map((what) =>
            violation(resource, `${resource.name} has ${what} in plain text among its properties`),
          );
    }),
};

const valuesOf = ({ props }: Resource): string[] => [JSON.stringify(props)];
