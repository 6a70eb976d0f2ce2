// Loaded before a program: its clock stands in another year, and its chance falls otherwise.
const BY = 7 * 365.25 * 86_400_000;
const RealDate = Date;
global.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + BY] : given));
  }
  static now() {
    return RealDate.now() + BY;
  }
};
Math.random = () => 0.123456789;
