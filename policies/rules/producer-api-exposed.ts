import { exposureRule } from "./exposure";

export const producerApiExposed = exposureRule({
  id: "producer-api-exposed",
  what: "the producer API",
  listeners: /^(control|producer-api)$/,
  zone: "nobody",
  reason: "it pauses production, takes snapshots and changes limits for whoever can send it a request",
});
