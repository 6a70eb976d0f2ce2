import { pathsTo, type Rule, UNKNOWN, violation } from "nodewright";

/** Nobody from outside reaches a database's port, whatever firewall was to keep it shut. */
export const databaseReachable: Rule = {
  id: "database-reachable",
  level: "mandatory",
  title: "no database can be reached from outside",
  reason: "a database that listens to everyone is read by everyone",
  remedy: "take the port out of the rule that opens it",
  check: ({ machines, intent }) =>
    machines.flatMap((machine) =>
      pathsTo(machine, intent)
        .filter(({ from, to }) => from <= 5432 && 5432 <= to)
        .map(({ way, opening }) =>
          violation(opening.by, `5432 of ${machine.host} is open by ${way.through}`),
        ),
    ),
};

/** A value that nobody knows before the update is no mistake yet. */
export const bucketNamed: Rule = {
  id: "bucket-named",
  level: "advisory",
  title: "every bucket has a name of ours",
  reason: "a name that a cloud made up says nothing on a bill",
  remedy: "give the bucket a name that begins with acme-",
  check: ({ buckets }) =>
    buckets
      .filter(
        ({ resource: { props } }) => props.bucket !== UNKNOWN && !String(props.bucket).startsWith("acme-"),
      )
      .map(({ resource }) =>
        violation(resource, `${resource.name} is called ${String(resource.props.bucket)}`),
      ),
};
