import { exposureRule } from "./exposure";

export const sshExposed = exposureRule({
  id: "ssh-exposed",
  what: "SSH",
  listeners: /^ssh$/,
  zone: "admin",
  reason: "a login that the whole internet can try is one weakness of sshd away from everyone",
});
