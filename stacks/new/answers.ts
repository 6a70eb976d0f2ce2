/** What the operator says of a new stack. Absent: not told. */
export interface Answers {
  network?: string;
  target?: string;
  domain?: string;
  region?: string;
  /** Of Google Cloud. */
  project?: string;
  /** Networks that SSH and `pulumi up` come from. */
  admins?: readonly string[];
  /** Account that produces blocks; false where the stack shall have none. */
  producer?: string | false;
  /** OpenSSH public key. */
  sshKey?: string;
  budget?: string;
}

export type Question = {
  key: keyof Answers;
  flag: string;
  ask: string;
  /** Taken where nothing is said: by a person who presses Enter, and where nobody can be asked. */
  otherwise?: string;
  /** Whether it may stay without an answer. */
  optional?: boolean;
};

const REGIONS: Readonly<Record<string, string>> = {
  aws: "eu-central-1",
  gcp: "europe-west3",
  digitalocean: "fra1",
};

const isCloud = (target: string | undefined): boolean => target !== undefined && target in REGIONS;

/** What is still to be asked, in order: an answer decides what is asked after it. */
export function questionsFor(
  { target, network }: Answers,
  known: { targets: string; networks: string },
): Question[] {
  const region = target === undefined ? undefined : REGIONS[target];
  const isLab = target === "docker";
  return [
    { key: "target", flag: "--target", ask: `where hosts run (${known.targets})` },
    {
      key: "network",
      flag: "--network",
      ask: `the chain (${known.networks})`,
      ...(isLab ? { otherwise: "lab" } : {}),
    },
    ...(region === undefined
      ? []
      : [{ key: "region" as const, flag: "--region", ask: "region", otherwise: region }]),
    ...(target === "gcp"
      ? [{ key: "project" as const, flag: "--project", ask: "project of Google Cloud" }]
      : []),
    {
      key: "domain",
      flag: "--domain",
      ask: "domain of your own for the stack's names, like nodes.example.org",
      // Its hosts find each other by names in it.
      optional: target !== "digitalocean",
    },
    {
      key: "producer",
      flag: "--producer",
      ask: "account that shall produce blocks",
      optional: true,
      ...(network === "lab" ? { otherwise: "eosio" } : {}),
    },
    ...(isLab
      ? []
      : [
          {
            key: "admins" as const,
            flag: "--admins",
            ask: "networks that SSH and `pulumi up` come from, like 203.0.113.7/32, with commas between",
          },
          {
            key: "sshKey" as const,
            flag: "--ssh-key",
            ask: "your OpenSSH public key, or the path of its file",
          },
        ]),
    ...(isCloud(target)
      ? [
          {
            key: "budget" as const,
            flag: "--budget",
            ask: "the most it may cost a month, like 9000 USD",
            optional: true,
          },
        ]
      : []),
  ];
}
