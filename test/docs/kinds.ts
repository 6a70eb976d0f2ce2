/** What stands for a command that is not run by this suite: the suite that runs it, and words of it that do. */
interface Covered {
  command: RegExp;
  suite: string;
  by: string;
}

export const COVERED: readonly Covered[] = [
  { command: /^pulumi up( --yes)?$/, suite: "test/stacks/command-line.test.ts", by: 'pulumi("up", "--yes"' },
  {
    command: /^pulumi preview( --stack \S+)?$/,
    suite: "test/stacks/command-line.test.ts",
    by: 'pulumi("preview"',
  },
  {
    command: /^pulumi stack output\b/,
    suite: "test/stacks/command-line.test.ts",
    by: 'pulumi("stack", "output"',
  },
  { command: /^pulumi (destroy|refresh)$/, suite: "test/stacks/lifecycle.test.ts", by: "life.destroy()" },
  // As the messages print it, and as `npm run tls` runs it.
  {
    command: /^pulumi config set --secret --path 'nodewright:secrets\["/,
    suite: "test/stacks/command-line.test.ts",
    by: "pulumi config set --secret --path",
  },
  {
    command: /^pulumi preview --policy-pack( policies)?$/,
    suite: "test/policies/engine.test.ts",
    by: "judgeStack(SAMPLE",
  },
  { command: /^npm pack$/, suite: "test/library/packed.ts", by: '"npm", "pack"' },
];

/** Of operating systems and other makers: what they do is theirs to test. Which unit they are asked of is held by this suite. */
export const FOREIGN: readonly RegExp[] = [
  /^(sudo )?systemctl (status|start|stop|restart|enable|disable)\b/,
  /^(sudo )?journalctl\b/,
  /^(sudo )?nft list\b/,
  /^sudo (wipefs|e2label)\b/,
  /^docker (inspect|build)\b/,
  /^docker -H unix:\/\/\/run\/nodewright\/docker\.sock exec/,
  /^ssh -L /,
  /^openssl (rand|genpkey|pkey)\b/,
  /^restic -r /,
  // The engine's own flags, for a resource of the operator's choice.
  /^pulumi up --target(-replace)? <urn>$/,
  /^git (diff|log)\b/,
];
